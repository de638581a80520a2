/// What changes with the time, as a file says it: formulas of `t` for parameters, the same after every period.
package struct Drive: Hashable, Sendable {
  /// A parameter, or the force on a site, with its course.
  package struct Item: Hashable, Sendable {
    /// Path as in files: `baths.left.temperature`, `medium.parameters.k`, `medium.force[3]`.
    package let path: String
    /// A formula of the time `t` and of the parameters of the medium.
    package let formula: String

    /// A parameter with its course.
    package init(_ path: String, _ formula: String) { (self.path, self.formula) = (path, formula) }
  }

  /// What is driven, in the order of files.
  package var items: [Item]
  /// The period [time]; nil to take that of the formulas.
  package var period: Double?

  /// A drive; see the properties.
  package init(_ items: [Item], period: Double? = nil) { (self.items, self.period) = (items, period) }

  /// The time in formulas.
  package static let time = "t"
  /// What of a medium can be driven, in words.
  package static func drivable(of medium: any Medium) -> String {
    medium is LevelSystem
      ? "baths.NAME.temperature, baths.NAME.rate, medium.parameters.NAME" : drivable
  }
  private static let drivable =
    "baths.NAME.temperature, medium.parameters.NAME, medium.force[SITE], medium.pinning.left, medium.pinning.right, and of a "
    + "chain medium.spring and medium.quartic"
}
