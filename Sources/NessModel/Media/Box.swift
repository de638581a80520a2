/// One classical point particle between two walls at 0 and l that are heat baths (Zou, Gong, Wang, Casati, Benenti 2026).
/// Between collisions it flies freely. The left wall is site 1, the right wall site 2.
package struct Box: Medium {
  /// Thermal walls.
  package typealias BathLaw = WallBath

  /// Distance of the walls, l [length].
  package var length: Double
  /// Mass of the particle, m [mass].
  package var mass: Double

  /// A box; see the properties for the dimension of each parameter.
  package init(length: Double, mass: Double = 1) {
    self.length = length
    self.mass = mass
  }

  /// The two walls.
  package var sites: Int { 2 }

  /// Equal parts of the box for which the density and the kinetic temperature are given.
  package static let parts = 20
  /// Classes of energy for which a probability density is given.
  package static let energyClasses = 40

  /// Width of a class of energy: a fifth of the hottest temperature, so that all classes reach 8 times that [energy].
  package static func energyClassWidth(of model: Model<Box>) -> Double {
    (model.attachments.map(\.bath.temperature).max() ?? 1) / 5
  }

  /// Thermal speed sqrt(T/m) [length/time], also where T/m is beyond the range of numbers.
  package static func thermalSpeed(temperature: Double, mass: Double) -> Double {
    let square = temperature / mass
    return square.isNormal ? square.squareRoot() : temperature.squareRoot() / mass.squareRoot()
  }

  /// There must be one bath at each wall.
  package static func faults(of attachments: [BoxModel.Attachment], on medium: Box) -> [ParameterFault] {
    if attachments.map(\.site).sorted() == [1, 2] { return [] }
    let found = attachments.map { "\($0.name) at wall \($0.site)" }.joined(separator: ", ")
    return [ParameterFault(parameter: "baths", found: found, expected: "one bath at each wall: left and right")]
  }
}

extension Box {
  /// The particle between its walls.
  package static var picture: MediumPicture? { .flights }

  /// `box`
  package static let kind = KindDescription(
    "box", title: "Classical box", meaning: "one classical point particle between two walls that are baths")
  /// Length and mass 1.
  package static let example = Box(length: 1)
  /// Its size and the particle's mass.
  package static let parameters: [Parameter<Box>] = [
    Parameter(
      "length", "l", \.length, dimension: "length", range: .positive, usual: 0.1...10, isRequired: true,
      name: "length of the box", meaning: "distance of the walls"),
    Parameter(
      "mass", "m", \.mass, dimension: "mass", range: .positive, usual: 0.1...10, meaning: "mass of the particle"),
  ]
}

/// A classical particle between two thermal walls.
package typealias BoxModel = Model<Box>

extension AnyModel {
  /// The model of a classical box, if it is one.
  package var box: BoxModel? { of(Box.self) }
}
