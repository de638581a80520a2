import NessKinetic
import NessModel
import NessTestSupport
import Testing

/// The response of the heat between Maxwell walls, and its noise where that has a rate.
@Suite struct RenewalResponseTests {
  private func box(_ left: Double, _ right: Double) throws -> BoxModel {
    try Sample.box(Sample.maxwell(left), Sample.maxwell(right), length: 1.7, mass: 0.6)
  }

  @Test func differences() throws {
    let answer = try RenewalSolver().answer(.only([.conductance]), of: box(4, 1.3))
    func current(_ left: Double, _ right: Double) throws -> Double {
      try RenewalSolver().answer(of: box(left, right)).required(.heatCurrent, .renewal).value
    }
    let h = 1e-3
    let left = (try current(4 + h, 1.3) - current(4 - h, 1.3)) / (2 * h)
    let right = (try current(4, 1.3 + h) - current(4, 1.3 - h)) / (2 * h)
    for (name, value) in [("left,left", left), ("left,right", right), ("right,left", -left), ("right,right", -right)] {
      let found = try answer.required(try #require(Quantity("conductance[\(name)]")), .renewal)
      #expect(abs(found.value - value) < 1e-6, "\(name) \(found) \(value)")
    }
    // The maximum in T_R stands at a quarter of T_L.
    let top = try RenewalSolver().answer(.only([.conductance]), of: box(4, 1))
    let flat = try top.required(try #require(Quantity("conductance[left,right]")), .renewal)
    #expect(abs(flat.value) <= flat.error && flat.error < 1e-14)
  }

  /// J is as n/(l - n a) and 1/sqrt(m); the response to a temperature is the conductance.
  @Test(arguments: [(1, 0.2), (4, 0.2)]) func parameters(particles: Int, diameter: Double) throws {
    let model = try Model(
      medium: Box(length: 1.7, mass: 0.6, particles: particles, diameter: diameter),
      attachments: box(4, 1.3).attachments)
    let answer = try RenewalSolver().answer(.only([.heatResponse, .response, .conductance]), of: model)
    for parameter in model.parameters {
      let heats = try [-1.0, 1].map { shift in
        try RenewalSolver().answer(of: #require(model.with(parameter.path, parameter.value * (1 + 1e-4 * shift))))
          .required(.heatCurrent, .renewal).value
      }
      let slope = (heats[1] - heats[0]) / (2e-4 * parameter.value)
      let found = try answer.required(try #require(Quantity("response[\(parameter.path)]")), .renewal)
      #expect(
        abs(found.value - slope) < 1e-6 * abs(slope) && found.error < 1e-12, "\(parameter.path) \(found) \(slope)")
      let right = try answer.required(try #require(Quantity("heatResponse[right,\(parameter.path)]")), .renewal)
      #expect(right.value == -found.value)
    }
    #expect(model.parameters.count == 5)
  }

  /// A first bit of length of a point counts as that of a rod.
  @Test func ofAPoint() throws {
    let answer = try RenewalSolver().answer(.only([.response]), of: box(4, 1.3))
    let byLength = try answer.required(try #require(Quantity("response[medium.length]")), .renewal)
    let byDiameter = try answer.required(try #require(Quantity("response[medium.diameter]")), .renewal)
    #expect(byDiameter.value == -byLength.value && byDiameter.value != 0)
  }

  @Test func noise() throws {
    let equal = try RenewalSolver().answer(.only([.heatNoise, .conductance]), of: box(2, 2))
    let noise = try equal.required(.heatNoise(), .renewal).value
    let response = try equal.required(try #require(Quantity("conductance[left,left]")), .renewal).value
    #expect(abs(noise / (2 * 4 * response) - 1) < 1e-12)
    let refused = try RenewalSolver().answer(.only([.heatNoise]), of: box(2, 1))
    #expect(refused.entries.isEmpty && refused.refusals.contains { $0.reason.contains("diverges") })
  }
}
