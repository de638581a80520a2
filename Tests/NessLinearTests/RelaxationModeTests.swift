import Foundation
import NessLinear
import NessMath
import NessModel
import NessStatistics
import Testing

private func chain(_ sites: Int, pinning: Double = 1, _ baths: [(Int, ChainBath)]) throws -> ChainModel {
  try Model(
    medium: Chain(sites: sites, pinning: .init(left: pinning, right: pinning)),
    attachments: baths.enumerated().map { .init(name: "bath\($0)", site: $1.0, bath: $1.1) })
}

private func langevin(_ friction: Double) -> ChainBath { ChainBath(LangevinBath(temperature: 1, friction: friction)) }

private func modes(_ model: ChainModel, withMemory: Bool = false) throws -> RelaxationModes {
  try RelaxationModes(model, withMemory: withMemory)
}

/// Modes of relaxation of harmonic chains and networks.
@Suite struct RelaxationModeTests {
  /// One damped oscillator in closed form, from hardly to strongly damped: s² + gamma s + 1 = 0.
  @Test(arguments: [1e-14, 1e-8, 0.3, 1.999, 2.001, 5, 1e6])
  func oneOscillator(friction: Double) throws {
    let found = try modes(chain(1, [(1, langevin(friction))])).modes
    let half = friction / 2
    if half < 1 {
      #expect(found.count == 1)
      let frequency = ((1 - half) * (1 + half)).squareRoot()
      #expect(abs(found[0].mode.rate.value - half) <= found[0].mode.rate.error)
      #expect(found[0].mode.rate.error < 1e-11 * half, "\(found[0].mode.rate)")
      #expect(abs(found[0].mode.frequency.value - frequency) <= found[0].mode.frequency.error)
    } else {
      #expect(found.count == 2)
      let root = ((half - 1) * (half + 1)).squareRoot()
      for (mode, exact) in zip(found, [1 / (half + root), half + root]) {
        #expect(abs(mode.mode.rate.value - exact) <= mode.mode.rate.error, "\(mode.mode.rate) \(exact)")
        #expect(mode.mode.rate.error < 1e-9 * max(1, friction) && mode.mode.frequency.value == 0)
      }
    }
    #expect(found.allSatisfy { abs($0.mode.participation.value - 1) <= $0.mode.participation.error + 1e-15 })
  }

  /// The exceptional point of critical damping: the rate is 1, and the bound is that of a double root, not of rounding.
  @Test func criticalDampingIsSaid() throws {
    let found = try modes(chain(1, [(1, langevin(2))])).modes
    #expect(found.allSatisfy { abs($0.mode.rate.value - 1) <= $0.mode.rate.error && $0.mode.rate.error > 1e-9 })
    #expect(found.allSatisfy { $0.mode.rate.error < 1e-6 && $0.isExceptional })
    let answer = try LinearSolver().answer(.only([.modeRate]), of: chain(1, [(1, langevin(2))]), by: [.markov])
    #expect(answer.notes.contains { $0.contains("exceptional point") })
  }

  /// Two sites with equal baths: the sum and the difference are oscillators of their own, at any coupling. Rates of 1e-12 of the
  /// frequencies keep all digits; each mode sits on both sites.
  @Test(arguments: [1e-12, 1e-8, 0.1])
  func twoSites(friction: Double) throws {
    let found = try modes(chain(2, [(1, langevin(friction)), (2, langevin(friction))])).modes
    #expect(found.count == 2)
    for (mode, square) in zip(found.sorted { $0.mode.frequency.value < $1.mode.frequency.value }, [1.0, 3]) {
      let frequency = (square - friction * friction / 4).squareRoot()
      #expect(abs(mode.mode.rate.value - friction / 2) <= mode.mode.rate.error)
      #expect(mode.mode.rate.error < 1e-12 * friction)
      #expect(abs(mode.mode.frequency.value - frequency) <= mode.mode.frequency.error)
      #expect(mode.mode.shares.allSatisfy { abs($0.value - 0.5) <= $0.error && $0.error < 1e-10 })
      #expect(abs(mode.mode.participation.value - 2) <= mode.mode.participation.error)
    }
  }

  /// All eigenvalues against those of the plain equations of motion, memory included, and their sum against the trace.
  @Test func againstPlainEquations() throws {
    let (sites, frictions) = (7, [0.4, 1.7])
    let memory = ChainBath(
      MemoryBath(temperature: 1, terms: [.init(weight: 0.6, time: 2.5), .init(weight: 0.3, time: 0.4)]))
    let model = try chain(sites, [(1, langevin(frictions[0])), (5, langevin(frictions[1])), (7, memory)])
    var drift = Matrix(rows: 2 * sites + 2, columns: 2 * sites + 2)
    for site in 0..<sites {
      drift[site, sites + site] = 1
      drift[sites + site, site] = -(site == 0 || site == sites - 1 ? 1.0 : 0)
      for other in [site - 1, site + 1] where (0..<sites).contains(other) {
        drift[sites + site, site] -= 1
        drift[sites + site, other] += 1
      }
    }
    drift[sites, sites] = -0.4
    drift[sites + 4, sites + 4] = -1.7
    for (index, (weight, time)) in [(0.6, 2.5), (0.3, 0.4)].enumerated() {
      let z = 2 * sites + index
      drift[z, z] = -1 / time
      drift[z, 2 * sites - 1] = -weight
      drift[2 * sites - 1, z] = 1
    }
    let plain = try eigenvalues(drift).filter { $0.imaginary >= 0 }.sorted {
      ($1.real, $0.imaginary) < ($0.real, $1.imaginary)
    }
    let found = try modes(model, withMemory: true).modes
    #expect(found.count == plain.count)
    for (mode, value) in zip(found, plain) {
      #expect(abs(mode.mode.rate.value + value.real) < 1e-12, "\(mode.mode.rate.value) \(value.real)")
      #expect(abs(mode.mode.frequency.value - value.imaginary) < 1e-12)
      #expect(abs(mode.mode.shares.reduce(0) { $0 + $1.value } - 1) < 1e-12)
    }
    let trace = found.reduce(0) { $0 + $1.mode.rate.value * ($1.mode.frequency.value > 0 ? 2 : 1) }
    #expect(abs(trace - (0.4 + 1.7 + 1 / 2.5 + 1 / 0.4)) < 1e-11)
  }

  /// Bounds cover what another order of the sites rounds otherwise, and a wrong bound would not.
  @Test func boundsCoverRounding() throws {
    let sites = 24
    var worst = 0.0
    for friction in [1e-9, 1e-3, 0.7, 30] {
      let one = try modes(chain(sites, [(1, langevin(friction)), (9, langevin(2 * friction))])).modes
      let other = try modes(chain(sites, [(24, langevin(friction)), (16, langevin(2 * friction))])).modes
      for (a, b) in zip(one, other) {
        let difference = abs(a.mode.rate.value - b.mode.rate.value)
        #expect(difference <= a.mode.rate.error + b.mode.rate.error)
        if a.mode.rate.error > 0 { worst = max(worst, difference / a.mode.rate.error) }
      }
    }
    #expect(worst > 1e-6, "the bounds mean nothing: \(worst)")
  }

  /// A ring that no site is held by: the translation is not listed, its velocity is; a mode with a node at the bath has rate 0.
  @Test func freeAndDarkModes() throws {
    let ring = HarmonicNetwork(
      masses: [1, 1, 1, 1], bonds: (0..<4).map { .init(min($0, ($0 + 1) % 4), max($0, ($0 + 1) % 4), stiffness: 1) },
      siteStiffness: [0, 0, 0, 0],
      contacts: [.init(name: "a", site: 0, temperature: 1, friction: .init(instantaneous: 0.5))])
    let found = try RelaxationModes(ring)
    #expect(found.freeTranslations == 1 && found.darkModes == 1)
    #expect(found.modes[0].mode.rate.value == 0 && found.modes[0].mode.rate.error < 1e-20)
    #expect(abs(found.modes[0].mode.frequency.value - 2.0.squareRoot()) < 1e-8)
    #expect(abs(found.modes[0].mode.participation.value - 2) < 1e-5)
    let trace = found.modes.reduce(0) { $0 + $1.mode.rate.value * ($1.mode.frequency.value > 0 ? 2 : 1) }
    #expect(abs(trace - 0.5) < 1e-12)
  }

  /// The same by the solvers of chains and networks, in any units.
  @Test func unitsAndSolvers() throws {
    let baths = [(1, langevin(0.3)), (3, langevin(1.1))]
    let model = try chain(3, baths)
    let answer = try LinearSolver().answer(.only(Quantity.Family.relaxationModes), of: model, by: [.markov])
    let rates = try #require(answer.entries.first { $0.quantity.family == .modeRate })
    #expect(rates.claim.isExact && rates.axes.map(\.name) == ["mode"] && answer.entries.count == 4)
    let shares = try #require(answer.entries.first { $0.quantity.family == .modeShare })
    #expect(shares.axes.map(\.name) == ["mode", "site"] && shares.axes[1].count == 3)
    let scaled = try ChainModel(
      medium: Chain(sites: 3, mass: 1e-26, springConstant: 1e-26 * 1e26, pinning: .init(left: 1, right: 1)),
      attachments: baths.enumerated().map {
        .init(
          name: "bath\($0)", site: $1.0,
          bath: ChainBath(LangevinBath(temperature: 1, friction: ($0 == 0 ? 0.3 : 1.1) * 1e-13)))
      })
    let other = try LinearSolver().answer(.only([.modeRate]), of: scaled, by: [.markov])
    for (a, b) in zip(rates.estimates, other.entries[0].estimates) {
      #expect(abs(b.value / 1e13 - a.value) < 1e-12 * a.value)
    }
  }
}
