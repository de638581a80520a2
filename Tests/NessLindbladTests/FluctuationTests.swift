import Foundation
import NessLindblad
import NessMath
import NessModel
import NessStatistics
import NessTestSupport
import Testing

/// Cumulants and response of the heats of a secular master equation.
@Suite struct DaviesFluctuationTests {
  /// Two levels of distance 1.3 between bosonic baths, and the same after a change of one temperature.
  private func twoLevels(_ left: Double = 2, _ right: Double = 0.5) throws -> QuantumBoxModel {
    let length = (3 * Double.pi * Double.pi / 2 / 1.3).squareRoot()
    let exchange = LindbladBath.Coupling.matrix(try CouplingMatrix(rows: [[0, 1], [1, 0]]))
    return try Model(
      medium: QuantumBox(length: length),
      attachments: [
        .init(
          name: "left", site: 1,
          bath: .init(temperature: left, coupling: exchange, spectrum: .bosonic, rate: 0.4)),
        .init(
          name: "right", site: 2,
          bath: .init(temperature: right, coupling: exchange, spectrum: .bosonic, rate: 0.9)),
      ])
  }

  /// Derivatives of the largest eigenvalue of the weighted 2 x 2 generator, in many digits by another program.
  @Test func twoLevelSystem() throws {
    let families: [Quantity.Family] = [
      .heatCurrent, .heatNoise, .heatSkewness, .heatKurtosis, .conductance, .heatCovariance, .uncertaintyRatio,
    ]
    let answer = try LindbladSolver().answer(.only(families), of: twoLevels())
    let known: [(String, Double)] = [
      ("heatCurrent", 0.204305226499544), ("heatNoise", 0.317696841388639), ("heatSkewness", 0.17728364526326),
      ("heatKurtosis", 0.211544074290516), ("conductance[left,left]", 0.0975734595439),
      ("conductance[left,right]", -0.162477755306), ("heatCovariance[left,right]", -0.317696841388639),
    ]
    for (name, value) in known {
      let found = try answer.required(try #require(Quantity(name)), .davies)
      #expect(abs(found.value - value) < 2e-12, "\(name) \(found)")
      #expect(abs(found.value - value) <= found.error + 5e-13 && found.error < 1e-10)
    }
    #expect(try answer.required(.uncertaintyRatio, .davies).value > 1)
  }

  /// mu(x) is the larger eigenvalue of a 2 x 2 matrix.
  @Test func generatingFunctionOfTwoLevels() throws {
    let answer = try LindbladSolver().answer(
      .only([.generatingFunction, .rateFunction, .heatCurrent]), of: twoLevels())
    let entry = try #require(answer.entries.first { $0.quantity.family == .generatingFunction })
    guard case .values(let places)? = entry.axes.first?.places else { return #expect(Bool(false), "no places") }
    #expect(places.count == 39)
    func rates(_ rate: Double, _ temperature: Double) -> (up: Double, down: Double) {
      let number = 1 / (exp(1.3 / temperature) - 1)
      return (rate * number, rate * (number + 1))
    }
    let (left, right) = (rates(0.4, 2), rates(0.9, 0.5))
    for (x, found) in zip(places, entry.estimates) {
      let (up, down) = (left.up + right.up, left.down + right.down)
      let product = (left.up * exp(1.3 * x) + right.up) * (left.down * exp(-1.3 * x) + right.down)
      let known = 0.5 * (-(up + down) + ((up - down) * (up - down) + 4 * product).squareRoot())
      #expect(abs(found.value - known) <= found.error + 1e-15 && found.error < 1e-12, "\(x) \(found) \(known)")
    }
    let rate = try #require(answer.entries.first { $0.quantity.family == .rateFunction })
    #expect(rate.estimates.allSatisfy { $0.value >= -$0.error })
    #expect((rate.estimates.map(\.value).max() ?? 0) > 0.01)
  }

  /// A box whose higher levels matter towards the ends of the range: the symmetry of Gallavotti and Cohen, and the cumulants in the middle.
  @Test(arguments: [LindbladBath.Coupling.wall, .uniform, .maxwell]) func generatingFunctionOfABox(
    coupling: LindbladBath.Coupling
  ) throws {
    func bath(_ temperature: Double) -> LindbladBath {
      LindbladBath(temperature: temperature, coupling: coupling, spectrum: coupling == .maxwell ? .ohmic : .bosonic)
    }
    let model = try Model(
      medium: QuantumBox(length: 1),
      attachments: [.init(name: "left", site: 1, bath: bath(40)), .init(name: "right", site: 2, bath: bath(10))])
    let answer = try LindbladSolver().answer(
      .only([.generatingFunction, .rateFunction, .heatCurrent, .heatNoise]), of: model)
    let entry = try #require(answer.entries.first { $0.quantity.family == .generatingFunction })
    guard case .values(let places)? = entry.axes.first?.places else { return #expect(Bool(false), "no places") }
    #expect(places.count > 20)
    let affinity = 1 / 40.0 - 1 / 10.0
    for (x, found) in zip(places, entry.estimates) {
      guard let mirror = places.firstIndex(where: { abs($0 + x - affinity) < 1e-12 }) else { continue }
      let other = entry.estimates[mirror]
      #expect(abs(found.value - other.value) <= found.error + other.error, "\(x) \(found) \(other)")
    }
    // mu = J x + D x²/2 + ... : the mean of mu(x)/x over both sides of 0.
    let current = try answer.required(.heatCurrent, .davies).value
    let rate = try #require(answer.entries.first { $0.quantity.family == .rateFunction })
    guard case .values(let means)? = rate.axes.first?.places else { return #expect(Bool(false), "no places") }
    let zero = try #require(places.firstIndex { abs($0) < 1e-12 })
    #expect(abs(means[zero] / current - 1) < 1e-9)
    let noise = try answer.required(.heatNoise(), .davies).value
    let step = places[zero + 1] - places[zero]
    let curvature = (means[zero + 1] - means[zero - 1]) / (2 * step)
    #expect(abs(curvature / noise - 1) < 0.5)
  }

  /// All couplings and spectra: the response against differences of heats, the noise against the largest eigenvalue of the weighted
  /// generator, both with twelve levels and two baths.
  @Test(
    arguments: [LindbladBath.Coupling.wall, .uniform, .nearest, .position, .collision(width: 60), .maxwell],
    [LindbladBath.Spectrum.ohmic, .bosonic, .metropolis, .glauber])
  func everyLaw(coupling: LindbladBath.Coupling, spectrum: LindbladBath.Spectrum) throws {
    if coupling == .maxwell && spectrum != .ohmic { return }
    func model(_ left: Double, _ right: Double) throws -> QuantumBoxModel {
      func bath(_ temperature: Double) -> LindbladBath {
        LindbladBath(temperature: temperature, coupling: coupling, spectrum: spectrum, rate: 0.3)
      }
      return try Model(
        medium: QuantumBox(length: 1, levels: 6),
        attachments: [.init(name: "left", site: 1, bath: bath(left)), .init(name: "right", site: 2, bath: bath(right))])
    }
    let answer = try LindbladSolver().answer(.only([.conductance, .heatNoise]), of: model(40, 11))
    let (step, one) = (0.002, try #require(Quantity("conductance[left,left]")))
    func heat(_ left: Double, _ right: Double) throws -> Double {
      try daviesSteadyState(of: model(left, right)).currents[0]
    }
    func slope(_ heat: (Double) throws -> Double, at temperature: Double) rethrows -> Double {
      let values = try [-2.0, -1, 1, 2].map { try heat(temperature * (1 + step * $0)) }
      return (values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step * temperature)
    }
    let left = try slope({ try heat($0, 11) }, at: 40)
    let right = try slope({ try heat(40, $0) }, at: 11)
    let size = abs(try heat(40, 11)) / 40
    try compareResponses(of: model(40, 11))
    #expect(abs(try answer.required(one, .davies).value - left) < 1e-7 * (abs(left) + size))
    let other = try #require(Quantity("conductance[left,right]"))
    #expect(abs(try answer.required(other, .davies).value - right) < 1e-7 * (abs(right) + size))
  }

  /// The response to every parameter against differences of heats, by the populations and by the whole density matrix.
  private func compareResponses(of model: QuantumBoxModel) throws {
    for method in [NessModel.Method.davies, .liouvillian] {
      let answer = try LindbladSolver().answer(.only([.heatResponse, .response]), of: model, by: [method])
      for parameter in model.parameters {
        let (path, value) = (parameter.path, parameter.value)
        let heats = try [-2.0, -1, 1, 2].map { shift -> [Double] in
          let moved = try #require(model.with(path, value * (1 + 0.002 * shift)))
          return try daviesSteadyState(of: moved).currents
        }
        let size = abs(try daviesSteadyState(of: model).currents[0]) / value
        for (bath, name) in ["left", "right"].enumerated() {
          let slope =
            (heats[0][bath] - 8 * heats[1][bath] + 8 * heats[2][bath] - heats[3][bath]) / (12 * 0.002 * value)
          let found = try answer.required(try #require(Quantity("heatResponse[\(name),\(path)]")), method)
          #expect(abs(found.value - slope) < 1e-7 * (abs(slope) + size), "\(method) \(name) \(path) \(found) \(slope)")
        }
        let current = try answer.required(try #require(Quantity("response[\(path)]")), method)
        let left = try answer.required(try #require(Quantity("heatResponse[left,\(path)]")), method)
        #expect(current == left)
      }
      // A whole number has no derivative.
      let levels = try LindbladSolver().answer(
        .only(try #require(Quantity("response[medium.levels]"))), of: model, by: [method])
      #expect(levels.entries.isEmpty && levels.refusals.contains { $0.reason.contains("whole") })
    }
  }

  /// The whole density matrix answers the response of its heats to the temperatures: as the populations do, within both bounds.
  @Test func liouvillian() throws {
    let model = try twoLevels()
    let answer = try LindbladSolver().answer(.only([.conductance]), of: model, by: [.davies, .liouvillian])
    for one in ["left", "right"] {
      for other in ["left", "right"] {
        let quantity = try #require(Quantity("conductance[\(one),\(other)]"))
        let (a, b) = (try answer.required(quantity, .davies), try answer.required(quantity, .liouvillian))
        #expect(abs(a.value - b.value) <= a.error + b.error && b.error < 1e-9, "\(a) \(b)")
      }
    }
  }

  /// At one temperature D = 2 T² G; elsewhere not.
  @Test func fluctuationsAndDissipation() throws {
    func ratio(_ left: Double, _ right: Double) throws -> Double {
      let answer = try LindbladSolver().answer(.only([.conductance, .heatNoise]), of: twoLevels(left, right))
      let noise = try answer.required(.heatNoise(), .davies).value
      return noise
        / (2 * left * left * (try answer.required(try #require(Quantity("conductance[left,left]")), .davies).value))
    }
    #expect(abs(try ratio(1.2, 1.2) - 1) < 1e-10)
    #expect(abs(try ratio(2, 0.5) - 1) > 0.1)
  }
}
