import NessModel

extension ExperimentReader {
  private static let form = "parameters with formulas of t, for example {\"baths.left.temperature\": \"2 + sin(t)\"}"

  /// What changes with the time; nil, and reported, where that cannot be read. What the formulas say is checked with the model.
  mutating func drive(_ owner: Entry) -> Drive? {
    guard let entries = mapping(owner, expected: Self.form) else { return nil }
    var drive = Drive([])
    let before = faults.count
    for entry in entries {
      if entry.name == "period" {
        drive.period = real(entry, expected: "a time")
      } else if let formula = text(entry, expected: "a formula of t") {
        drive.items.append(.init(entry.name, formula))
      }
    }
    return faults.count == before ? drive : nil
  }
}
