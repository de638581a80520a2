import Foundation
import NessLinear
import NessModel
import NessStatistics
import Testing

private func langevin(_ temperature: Double, _ friction: Double) -> ChainBath {
  ChainBath(LangevinBath(temperature: temperature, friction: friction))
}

private func chain(_ sites: Int, pinning: Double = 1, _ baths: [(Int, ChainBath)]) throws -> ChainModel {
  try Model(
    medium: Chain(sites: sites, pinning: .init(left: pinning, right: pinning)),
    attachments: baths.enumerated().map { .init(name: "bath\($0)", site: $1.0, bath: $1.1) })
}

private func follow(
  _ model: ChainModel, _ transient: Transient, by method: NessModel.Method = .markov
) throws -> [Quantity.Family: Answer.Entry] {
  let answer = try LinearSolver().answer(
    .only(Quantity.Family.ofTransients), of: model.with(transient), by: [method])
  return Dictionary(uniqueKeysWithValues: answer.entries.map { ($0.quantity.family, $0) })
}

/// Means and second moments of harmonic chains from a start on.
@Suite struct LinearTransientTests {
  /// A free particle in closed form: m<v²> = T + (T_0 - T) exp(-2 g t), <q> = v_0 (1 - exp(-g t))/g, from weak to strong friction.
  @Test(arguments: [1e-8, 0.2, 30])
  func freeParticle(friction: Double) throws {
    var transient = Transient(duration: 3, every: 0.75)
    (transient.temperature, transient.velocity, transient.displacement) = ([4], [0.6], [2])
    let found = try follow(chain(1, pinning: 0, [(1, langevin(1.5, friction))]), transient)
    let (heat, temperature) = (try #require(found[.transientHeat]), try #require(found[.transientTemperature]))
    let displacement = try #require(found[.transientDisplacement])
    let start = 4 + 0.36
    var before = 1.0
    for (index, time) in transient.times.enumerated() {
      let decay = exp(-2 * friction * time)
      let exact = 1.5 + (start - 1.5) * decay
      #expect(abs(temperature.estimates[index].value - exact) <= temperature.estimates[index].error)
      #expect(temperature.estimates[index].error < 1e-11)
      let given = 0.5 * (start - 1.5) * (decay - before) / 0.75
      let near = friction < 1e-6 ? -friction * (start - 1.5) : given
      #expect(abs(heat.estimates[index].value - near) <= heat.estimates[index].error + 1e-7 * abs(near))
      #expect(heat.estimates[index].error < 1e-10 * max(friction, 1e-3))
      let place = 2 + 0.6 * -expm1(-friction * time) / friction
      #expect(abs(displacement.estimates[index].value - place) <= displacement.estimates[index].error)
      before = decay
    }
  }

  /// First law: the energy changes by the heats, whatever the couplings, and the steady state is reached at late times.
  @Test(arguments: [1e-8, 0.05, 1])
  func firstLawAndSteadyState(friction: Double) throws {
    let model = try chain(5, [(1, langevin(3, friction)), (4, langevin(0.5, 2 * friction))])
    var transient = Transient(duration: 40, every: 2)
    transient.temperature = [0, 1, 2, 0.5, 3]
    transient.displacement = [0.5, -1, 0, 0, 2]
    let found = try follow(model, transient)
    let (heat, energy) = (try #require(found[.transientHeat]), try #require(found[.transientEnergy]))
    let q = transient.displacement
    var before = 0.5 * transient.temperature.reduce(0, +) + 0.5 * (q[0] * q[0] + q[4] * q[4])
    for bond in 0..<4 { before += 0.5 * (q[bond + 1] - q[bond]) * (q[bond + 1] - q[bond]) }
    for index in 0..<20 {
      let given = 2 * (heat.estimates[index].value + heat.estimates[20 + index].value)
      let bound =
        2 * (heat.estimates[index].error + heat.estimates[20 + index].error) + 2 * energy.estimates[index].error
      #expect(abs(energy.estimates[index].value - before - given) <= bound && bound < 1e-9)
      before = energy.estimates[index].value
    }
    guard friction == 1 else { return }
    let late = try follow(model, Transient(duration: 400, every: 200))
    let steady = try LinearSolver().answer(.only([.kineticTemperature, .heatFrom]), of: model, by: [.markov])
    for site in 1...5 {
      let exact = try steady.required(.kineticTemperature(site: site), .markov)
      let entry = try #require(late[.transientTemperature]).estimates[2 * site - 1]
      #expect(abs(entry.value - exact.value) <= entry.error + exact.error + 1e-10)
    }
    let exact = try steady.required(.heat(from: "bath0"), .markov)
    #expect(abs(try #require(late[.transientHeat]).estimates[1].value - exact.value) < 1e-9)
  }

  /// Against the moments of the plain equations in small steps of fourth order, with a bath that remembers.
  @Test func againstSmallSteps() throws {
    let memory = ChainBath(MemoryBath(temperature: 2.5, terms: [.init(weight: 0.7, time: 1.3)]))
    let model = try chain(3, [(1, memory), (3, langevin(0.4, 0.8))])
    var transient = Transient(duration: 2, every: 1)
    (transient.temperature, transient.displacement) = ([1, 0.2, 3], [1, 0, -0.4])
    let found = try follow(model, transient, by: .memory)
    // State q1 q2 q3 v1 v2 v3 z: second moments M, dM/dt = A M + M A^T + Q.
    let a: [[Double]] = [
      [0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 1, 0], [-2, 1, 0, 0, 0, 0, 1],
      [1, -2, 1, 0, 0, 0, 0], [0, 1, -2, 0, 0, -0.8, 0], [0, 0, 0, -0.7, 0, 0, -1 / 1.3],
    ]
    var m = [[Double]](repeating: [Double](repeating: 0, count: 7), count: 7)
    let mean = [1, 0, -0.4, 0, 0, 0, 0]
    for i in 0..<7 { for j in 0..<7 { m[i][j] = mean[i] * mean[j] } }
    for (site, temperature) in [1, 0.2, 3].enumerated() { m[3 + site][3 + site] += temperature }
    m[6][6] += 2.5 * 0.7
    func slope(_ m: [[Double]]) -> [[Double]] {
      var d = m.map { $0.map { _ in 0.0 } }
      for i in 0..<7 {
        for j in 0..<7 {
          for k in 0..<7 { d[i][j] += a[i][k] * m[k][j] + m[i][k] * a[j][k] }
        }
      }
      d[5][5] += 2 * 0.8 * 0.4
      d[6][6] += 2 * 2.5 * 0.7 / 1.3
      return d
    }
    func moved(_ m: [[Double]], _ d: [[Double]], _ h: Double) -> [[Double]] {
      zip(m, d).map { zip($0, $1).map { $0 + h * $1 } }
    }
    let (steps, h) = (2000, 1e-3)
    var given = [0.0, 0.0]
    func heats(_ m: [[Double]]) -> [Double] { [m[6][3], 0.8 * (0.4 - m[5][5])] }
    for step in 0..<steps {
      let one = slope(m)
      let two = slope(moved(m, one, h / 2))
      let three = slope(moved(m, two, h / 2))
      let four = slope(moved(m, three, h))
      let stages = [m, moved(m, one, h / 2), moved(m, two, h / 2), moved(m, three, h)].map(heats)
      for bath in 0..<2 {
        given[bath] += h / 6 * (stages[0][bath] + 2 * stages[1][bath] + 2 * stages[2][bath] + stages[3][bath])
      }
      for i in 0..<7 {
        for j in 0..<7 { m[i][j] += h / 6 * (one[i][j] + 2 * two[i][j] + 2 * three[i][j] + four[i][j]) }
      }
      if (step + 1) % 1000 == 0 {
        let sample = step / 1000
        for bath in 0..<2 {
          let entry = try #require(found[.transientHeat]).estimates[2 * bath + sample]
          #expect(abs(entry.value - given[bath]) < 1e-8, "\(entry) \(given)")
        }
        for site in 0..<3 {
          let entry = try #require(found[.transientTemperature]).estimates[2 * site + sample]
          #expect(abs(entry.value - m[3 + site][3 + site]) < 1e-9)
        }
        given = [0, 0]
      }
    }
    let refused = try LinearSolver().answer(.only([.transientHeat]), of: model.with(transient), by: [.markov])
    #expect(refused.refusals.contains { $0.reason.contains("memory") })
  }

  /// Without a transient, and beside particles, nothing is said but why.
  @Test func refusals() throws {
    let plain = try chain(2, [(1, langevin(1, 1))])
    let none = try LinearSolver().answer(.only([.transientEnergy]), of: plain, by: [.markov])
    #expect(none.entries.isEmpty && none.refusals.contains { $0.reason.contains("the file has no transient") })
    let particles = try chain(2, [(1, ChainBath(ParticleBath(temperature: 20, friction: 0.1, coupling: 0.2)))])
    let answer = try LinearSolver().answer(
      .only([.transientEnergy]), of: particles.with(Transient(duration: 1, every: 1)), by: [.markov])
    #expect(answer.refusals.contains { $0.reason.contains("begins with its particles") })
  }

  /// The flow of two sites in equilibrium: its variance is (k/2)² <(v1+v2)²><(q2-q1)²> = k² T² / (m (kappa + 2k)), and the
  /// curve is even at 0; in other units it is the same.
  @Test func currentCorrelation() throws {
    func correlation(_ model: ChainModel) throws -> Answer.Entry {
      let answer = try LinearSolver().answer(.only([.currentCorrelation]), of: model, by: [.markov])
      return try #require(answer.entries.first)
    }
    let model = try chain(2, [(1, langevin(1.7, 0.3)), (2, langevin(1.7, 0.9))])
    let found = try correlation(model)
    let exact = 1.7 * 1.7 / 3
    #expect(abs(found.estimates[0].value - exact) <= found.estimates[0].error && found.estimates[0].error < 1e-11)
    #expect(abs(found.estimates[399].value) < 1e-3 * exact)
    // <dJ(0) dJ(t)> is largest at 0 in a stationary process.
    #expect(found.estimates.allSatisfy { abs($0.value) <= exact + $0.error })
    let scaled = try ChainModel(
      medium: Chain(sites: 2, mass: 4, springConstant: 16, pinning: .init(left: 16, right: 16)),
      attachments: zip([0.3, 0.9], 1...2).map {
        .init(name: "bath\($1)", site: $1, bath: langevin(1.7, 8 * $0))
      })
    let other = try correlation(scaled)
    // Times by 1/2, energies the same.
    for index in [0, 7, 50] {
      #expect(abs(other.estimates[index].value - 4 * found.estimates[index].value) < 1e-11)
      #expect(abs(other.axes[0].values[index] - 0.5 * found.axes[0].values[index]) < 1e-12)
    }
  }
}
