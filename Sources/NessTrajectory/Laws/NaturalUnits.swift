/// Powers of two near the natural units of a chain: the time of its fastest oscillation, the thermal speed. Counting in
/// them costs no digit and gives the same in all units of the user's.
struct NaturalUnits: Sendable {
  let displacement: Double
  let velocity: Double
  let force: Double

  init(_ dynamics: ChainDynamics) {
    func power(near value: Double) -> Double {
      value.isNormal ? Double(sign: .plus, exponent: value.exponent, significand: 1) : 1
    }
    let stiffness = dynamics.pinningLeft + dynamics.pinningRight + dynamics.forecastSpring
    let mass = power(near: dynamics.mass)
    let time = stiffness > 0 ? power(near: (dynamics.mass / stiffness).squareRoot()) : power(near: dynamics.timeStep)
    velocity = power(near: (dynamics.hottest / dynamics.mass).squareRoot())
    displacement = time * velocity
    force = mass * velocity / time
  }

  /// The units of the state (f, q, v).
  func ofState(modes: Int, sites: Int) -> [Double] {
    [Double](repeating: force, count: modes) + [Double](repeating: displacement, count: sites)
      + [Double](repeating: velocity, count: sites)
  }
}
