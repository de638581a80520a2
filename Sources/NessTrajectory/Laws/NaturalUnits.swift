/// Powers of two near the natural units of a medium: the time of its fastest oscillation, the thermal speed. Counting in
/// them costs no digit and gives the same in all units of the user's.
struct NaturalUnits: Sendable {
  let displacement: Double
  let velocity: Double
  let force: Double

  init(_ dynamics: ChainDynamics) {
    self.init(
      mass: dynamics.mass, stiffness: dynamics.pinningLeft + dynamics.pinningRight + dynamics.forecastSpring,
      temperature: dynamics.hottest, timeStep: dynamics.timeStep)
  }

  /// - Parameters:
  ///   - mass: of a site [mass].
  ///   - stiffness: of its bonds and fields [mass/time²].
  ///   - temperature: of the hottest bath [energy].
  ///   - timeStep: length of a step [time].
  init(mass inertia: Double, stiffness: Double, temperature: Double, timeStep: Double) {
    func power(near value: Double) -> Double {
      value.isNormal ? Double(sign: .plus, exponent: value.exponent, significand: 1) : 1
    }
    let mass = power(near: inertia)
    let time = stiffness > 0 ? power(near: (inertia / stiffness).squareRoot()) : power(near: timeStep)
    velocity = power(near: (temperature / inertia).squareRoot())
    displacement = time * velocity
    force = mass * velocity / time
  }

  /// The units of the state (f, q, v).
  func ofState(modes: Int, sites: Int) -> [Double] {
    [Double](repeating: force, count: modes) + [Double](repeating: displacement, count: sites)
      + [Double](repeating: velocity, count: sites)
  }
}
