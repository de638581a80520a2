import Foundation
import NessMath
import NessModel
import NessStatistics

/// The periodic state of a driven harmonic network: levels of ever shorter steps, extrapolated to steps of no length.
package struct DrivenSteadyState: Sendable {
  /// In the order of `DrivenLevel`.
  package let heats: [Estimate]
  package let power: Estimate
  package let entropyProduction: Estimate
  package let temperatures: [Estimate]
  package let displacements: [Estimate]
  /// Largest modulus of the Floquet multipliers: by how much the slowest deflection shrinks in a period.
  package let radius: Double

  /// Steps of the levels, in units of the first.
  private static let refinements = [1, 2, 3, 4, 6, 8, 12, 16]
  /// Most numbers of a matrix that are touched on the way.
  private static let mostWork = 1.5e11
  private static let tolerance = 1e-11

  /// Steps of the first level.
  static func firstSteps(_ network: DrivenHarmonic) -> Double {
    max(24, (network.period * network.fastestRate / 0.5).rounded(.up))
  }

  /// Numbers that are touched for all levels.
  static func work(_ network: DrivenHarmonic) -> Double {
    let size = Double(2 * network.sites)
    let each = size * (8 * size + 12 * Double(network.springs.count))
    // Products of whole matrices are faster by the number.
    let products = 15 * size * size * size * Double(refinements.count)
    return firstSteps(network) * Double(refinements.reduce(0, +)) * each + products
  }

  /// - Throws: `Refusal` without a periodic state, or where none was found within the work that is allowed.
  package init(_ network: DrivenHarmonic, _ watch: WorkWatch = WorkWatch()) throws {
    func refuse(_ reason: String) -> Refusal { Refusal(.floquet, reason) }
    guard Self.work(network) < Self.mostWork else {
      throw refuse(
        "the period \(network.period.short) is \((Self.firstSteps(network) / 12).short) periods of the fastest motion of "
          + "\(network.sites) sites, more than is computed: take a shorter period or fewer sites, or simulate it")
    }
    var first = Int(Self.firstSteps(network))
    var failure = "its numbers did not settle"
    for attempt in 0..<3 {
      do {
        self = try Self.extrapolated(network, first, watch)
        return
      } catch let LinearAlgebraError.expanding(radius) {
        failure = Self.growth(radius)
        // Of two resolutions that agree the finer one is believed.
        if attempt > 0, radius > 1 + 1e-6 { throw refuse(failure) }
      } catch is NotSettled {
        failure = "its numbers did not settle with the step: a formula of the drive may have corners"
      }
      first *= attempt == 0 ? 2 : 4
      if Double(first) / Self.firstSteps(network) * Self.work(network) > Self.mostWork { break }
    }
    throw refuse(failure)
  }

  private static func growth(_ radius: Double) -> String {
    radius > 1 + 1e-6
      ? "there is no periodic state: the drive makes a deflection grow by the factor \(radius.text(digits: 6)) in every period "
        + "(parametric resonance)"
      : "there is no periodic state: a deflection does not decay from period to period (Floquet multiplier of modulus "
        + "\(radius.text(digits: 12))): no bath damps it, or the drive makes up for that"
  }

  private struct NotSettled: Error {}

  private init(
    heats: [Estimate], power: Estimate, entropyProduction: Estimate, temperatures: [Estimate],
    displacements: [Estimate],
    radius: Double
  ) {
    (self.heats, self.power, self.entropyProduction) = (heats, power, entropyProduction)
    (self.temperatures, self.displacements, self.radius) = (temperatures, displacements, radius)
  }

  private static func extrapolated(
    _ network: DrivenHarmonic, _ first: Int, _ watch: WorkWatch
  ) throws -> DrivenSteadyState {
    var scheme = StepExtrapolation(refinements)
    var scales: [Double] = []
    let whole = Double(refinements.reduce(0, +))
    var done = 0.0
    for (level, refinement) in refinements.enumerated() {
      let part = watch.part(from: done / whole, to: (done + Double(refinement)) / whole)
      done += Double(refinement)
      let found = try DrivenLevel(network, steps: first * refinement, part)
      scheme.add(found.values + [found.radius])
      guard level >= 3, let (best, changes) = scheme.best else { continue }
      if scales.isEmpty { scales = Self.scales(network, found) + [1] }
      // Eigenvalues differ in their last digits by the units; what follows from this one does not.
      let memory = (1 / max(1e-16, 1 - found.radius * found.radius)).rounded(.down, bits: 20)
      let rounding = 1e-15 * (20 + 3 * Double(first * refinement).squareRoot() + 4 * memory)
      let errors = best.indices.map { changes[$0] + rounding * scales[$0] }
      let isSettled = best.indices.allSatisfy {
        !best[$0].isFinite || errors[$0] <= (Self.tolerance + 2 * rounding) * scales[$0]
      }
      guard isSettled || level == refinements.count - 1 else { continue }
      let isUsable = best.indices.allSatisfy { !best[$0].isFinite || errors[$0] <= 1e-5 * scales[$0] }
      guard isUsable, 1 - best[best.count - 1] > errors[errors.count - 1] else { throw NotSettled() }
      return Self.state(network, best, errors, memory)
    }
    throw NotSettled()
  }

  private static func state(
    _ network: DrivenHarmonic, _ values: [Double], _ errors: [Double], _ memory: Double
  ) -> DrivenSteadyState {
    let estimates = zip(values, errors).map { Estimate.numerical($0, bound: 2 * $1) }
    let (baths, sites) = (network.contacts.count, network.sites)
    return DrivenSteadyState(
      heats: Array(estimates[0..<baths]), power: estimates[baths], entropyProduction: estimates[baths + 1],
      temperatures: Array(estimates[(baths + 2)..<(baths + 2 + sites)]),
      displacements: Array(estimates[(baths + 2 + sites)..<(baths + 2 + 2 * sites)]), radius: values[values.count - 1])
  }

  /// What the errors of all numbers are measured by: heats that flow in one direction, temperatures.
  private static func scales(_ network: DrivenHarmonic, _ level: DrivenLevel) -> [Double] {
    let hottest = level.temperatures.max() ?? 0
    let flows = network.contacts.map { contact -> Double in
      let rate = contact.friction / network.masses[contact.site]
      return rate * level.temperatures[contact.site]
    }
    let flow = flows.reduce(0, +)
    let coldest =
      network.contacts.map { contact in
        (0..<64).map { contact.temperature.value(at: network.period * Double($0) / 64) }.min() ?? 0
      }.min() ?? 0
    return flows.map { _ in flow } + [flow, coldest > 0 ? flow / coldest : .infinity]
      + level.temperatures.map { _ in hottest }
      // Where nothing holds a site, its displacement counts from where it was within a step.
      + network.isHeld.map { $0 ? level.deflection : .infinity }
  }
}
