/// One classical point particle between two walls at 0 and l that are heat baths (Zou, Gong, Wang, Casati, Benenti 2026).
/// Between collisions it flies freely. The left wall is site 1, the right wall site 2. With several particles, points or hard
/// rods in a row, neighbours collide elastically (hard-point gas).
package struct Box: Medium {
  /// Thermal walls.
  package typealias BathLaw = WallBath

  /// Distance of the walls, l [length].
  package var length: Double
  /// Mass of every particle, m [mass].
  package var mass: Double
  /// Number of particles, n.
  package var particles: Int
  /// Length of every particle [length]; 0 for points.
  package var diameter: Double
  /// Masses, where they are not one number.
  package var massRule: MassRule?
  /// Whether the number of particles could not be read, so that nothing is said of what depends on it.
  var isNumberMissing = false

  /// A box; see the properties for the dimension of each parameter.
  package init(length: Double, mass: Double = 1, particles: Int = 1, diameter: Double = 0, massRule: MassRule? = nil) {
    self.length = length
    self.mass = mass
    self.particles = particles
    self.diameter = diameter
    self.massRule = massRule
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
  /// Length and mass 1, one particle.
  package static let example = Box(length: 1)
  /// Its size, and the particles.
  package static let parameters: [Parameter<Box>] = [
    Parameter(
      "length", "l", \.length, dimension: "length", range: .positive, usual: 0.1...10, isRequired: true,
      name: "length of the box", meaning: "distance of the walls"),
    Parameter(
      "mass", "m", \.commonMass, dimension: "mass", range: .positive, usual: 0.1...10,
      or: (
        .init(
          get: { $0.massRule?.tree },
          set: { (box, tree) throws(ModelError) in
            try Faults.told {
              MassRule(tree, at: "mass", &$0)
            } _: {
              box.massRule = $0
            }
          }),
        Box.massForms
      ), meaning: "mass of every particle"),
    Parameter(
      "particles", "n", \.particles, range: 1...mostParticles, usual: 1...64, name: "number of particles",
      meaning: "particles in a row; neighbours collide elastically"),
    Parameter(
      "diameter", "a", \.diameter, dimension: "length", range: .notNegative, usual: 0...0.1,
      name: "length of a particle", noun: "a diameter", meaning: "length of each particle, a hard rod; 0 for points"),
  ]
}

/// A classical particle between two thermal walls.
package typealias BoxModel = Model<Box>

extension AnyModel {
  /// The model of a classical box, if it is one.
  package var box: BoxModel? { of(Box.self) }
}
