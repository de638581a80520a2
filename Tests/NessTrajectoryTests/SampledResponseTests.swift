import Foundation
import NessLinear
import NessModel
import NessSampling
import NessStatistics
import NessTestSupport
import Testing

import NessTrajectory

/// The response of the heats to parameters by simulation: runs at neighbouring values with the same random numbers.
@Suite struct SampledResponseTests {
  private typealias Response = (answer: Answer, stopReason: StopReason)

  private func langevin(_ temperature: Double, _ friction: Double) -> ChainBath {
    .init(LangevinBath(temperature: temperature, friction: friction))
  }

  private func chain(_ sites: Int = 3, quartic: Double = 0) throws -> ChainModel {
    try Model(
      medium: Chain(sites: sites, quarticConstant: quartic, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(3, 0.7)), .init(name: "right", site: sites, bath: langevin(1, 1.3)),
      ])
  }

  private func settings(
    _ seed: UInt64, replicas: Int = 64, duration: Double = 60, timeStep: Double = 0.05, threads: Int = 2
  ) -> TrajectorySettings {
    TrajectorySettings(
      seed: seed, replicas: replicas, timeStep: timeStep, burnIn: 30, duration: duration, threads: threads)
  }

  private func response(
    of model: ChainModel, to path: String, _ settings: TrajectorySettings, sharesNoise: Bool = true,
    _ watch: SamplingWatch<Answer> = SamplingWatch()
  ) throws -> Response {
    let (models, value, step) = try ResponseRun.models(of: model, at: path) { _ in false }
    var run = ResponseRun(settings, watch: watch)
    run.sharesNoise = sharesNoise
    let outcome = try run.simulate(models, value: value, step: step)
    return (outcome.answer(path, ofBaths: model.attachments.map(\.name)), outcome.stopReason)
  }

  private func number(_ name: String, _ answer: Answer) throws -> Answer.Entry {
    let quantity = try #require(Quantity(name))
    return try #require(answer.entries.first { $0.quantity == quantity })
  }

  /// A harmonic chain follows its noise, so the response is as exact as the shared numbers make it; with numbers of their own the
  /// runs are far worse. Against exact theory, for numbers of baths and of the medium.
  @Test func harmonicChain() throws {
    let model = try chain()
    for path in [
      "baths.left.temperature", "baths.right.friction", "medium.spring", "medium.mass", "medium.pinning",
    ] {
      let name = "response[\(path)]"
      let exact = try LinearSolver().answer(.only(try #require(Quantity(name))), of: model, by: [.markov])
        .required(try #require(Quantity(name)), .markov)
      let found = try number(name, response(of: model, to: path, settings(5)).answer)
      #expect(abs(found.withoutKnownBias.zScore(against: exact)) < 4.9, "\(path) \(found.estimate) \(exact)")
      let budget = try #require(found.budget)
      #expect(budget.truncation.basis == .measured && budget.timeStep.basis == .linear)
      #expect(abs(budget.knownBias) < 0.05 * abs(exact.value) + 0.01)
      let apart = try number(name, response(of: model, to: path, settings(5), sharesNoise: false).answer)
      // Waves of another frequency fall out of step.
      let gain = path.hasPrefix("baths") ? 3.0 : 1
      #expect(apart.estimate.error > gain * found.estimate.error, "\(path) \(apart.estimate) \(found.estimate)")
    }
  }

  /// Error bars cover what they claim, over runs with seeds of their own; half as wide they do not.
  @Test func coverage() throws {
    let model = try chain()
    let name = "conductance[left,left]"
    let exact = try LinearSolver().answer(.only([.conductance]), of: model, by: [.markov])
      .required(try #require(Quantity(name)), .markov)
    let scores = try (1...60).map { seed -> Double in
      let found = try number(
        name,
        response(of: model, to: "baths.left.temperature", settings(UInt64(seed), replicas: 32, duration: 30)).answer)
      return found.withoutKnownBias.zScore(against: exact)
    }
    let square = scores.reduce(0) { $0 + $1 * $1 } / 60
    // Of 60 squares of nearly Gaussian numbers the mean is 1.05 ± 0.2.
    #expect(square > 0.45 && square < 1.95, "\(square)")
    #expect(scores.allSatisfy { abs($0) < 4.9 })
    #expect(abs(scores.reduce(0, +)) / 60.0.squareRoot() < 4.9)
    #expect(4 * square > 1.95)
  }

  /// Networks of any potential: a harmonic one against theory, for three baths; an anharmonic chain and network against each other.
  @Test func networks() throws {
    let star = try NetworkModel(
      medium: Network(lattice: .ring(3), site: "k*q^2/2", parameters: [.init("k", 1)]),
      attachments: [(1, 5.0), (2, 2.0), (3, 1.0)].map { site, temperature in
        .init(
          name: ["a", "b", "c"][site - 1], site: site,
          bath: NetworkBath(LangevinBath(temperature: temperature, friction: 0.6)))
      })
    for path in ["baths.b.temperature", "medium.parameters.k"] {
      let exact = try NetworkSolver().answer(.only([.heatResponse]), of: star, by: [.markov])
      let (models, value, step) = try ResponseRun.models(of: star, at: path) { _ in false }
      let outcome = try ResponseRun(settings(2)).simulate(models.map { BathedNetwork($0) }, value: value, step: step)
      let found = outcome.answer(path, ofBaths: ["a", "b", "c"])
      for bath in ["a", "b", "c"] {
        let name = "heatResponse[\(bath),\(path)]"
        let theory = try exact.required(try #require(Quantity(name)), .markov)
        let entry = try number(name, found)
        let error = try #require(entry.budget).whole
        #expect(abs(entry.estimate.value - theory.value) < 4.9 * error, "\(name) \(entry.estimate) \(theory)")
      }
    }
  }

  /// An anharmonic chain: four runs at once against a difference of plain runs, which is worse by far.
  @Test func quarticChain() throws {
    let model = try chain(6, quartic: 0.5)
    let path = "baths.left.temperature"
    let found = try number("conductance[left,left]", response(of: model, to: path, settings(3, duration: 300)).answer)
    let plain = try [2.4, 3.6].enumerated().map { place, temperature -> Estimate in
      let moved = try #require(model.with(path, temperature))
      var settings = settings(UInt64(77 + place), duration: 1200)
      settings.innovations = false
      return try TrajectorySolver(settings).simulate(moved).answer.required(.heatCurrent, .simulation)
    }
    let slope = (plain[1].value - plain[0].value) / 1.2
    let error = (plain[0].error * plain[0].error + plain[1].error * plain[1].error).squareRoot() / 1.2
    #expect(
      abs(found.estimate.value - slope) < 4.9
        * (error * error + found.estimate.error * found.estimate.error).squareRoot())
    #expect(found.estimate.error < error, "\(found.estimate) \(slope) \(error)")
  }

  /// The same bytes for any number of threads, and for a run that was ended and goes on.
  @Test func threadsAndEnds() throws {
    let model = try ChainModel(
      medium: Chain(sites: 4, pinning: 1),
      attachments: [
        .init(
          name: "left", site: 1,
          bath: .init(ParticleBath(temperature: 20, count: 11, friction: 0.4, coupling: 0.3))),
        .init(name: "right", site: 4, bath: langevin(10, 1)),
      ])
    let path = "baths.left.temperature"
    let own = { (threads: Int) in settings(4, replicas: 20, duration: 40, timeStep: 0.0125, threads: threads) }
    let (one, two) = (try response(of: model, to: path, own(1)), try response(of: model, to: path, own(3)))
    #expect(one.answer.entries == two.answer.entries && !one.answer.entries.isEmpty)
    let memory = MemoryKeeper()
    let found = untilTheEnd(looks: 3) { count -> Response? in
      let watch = SamplingWatch<Answer>(shouldStop: { count.isOver() }, stateKeeper: memory.keeper)
      let found = try? response(of: model, to: path, own(2), watch)
      return found?.stopReason == .interrupted ? nil : found
    }
    let (pieces, runs) = try #require(found)
    #expect(runs > 2)
    #expect(pieces.answer.entries == one.answer.entries)
    #expect(memory.allWarnings.isEmpty)
  }

  /// What cannot be measured is refused in words.
  @Test func refusals() throws {
    let cold = try ChainModel(
      medium: Chain(sites: 3, pinning: 1),
      attachments: [
        .init(name: "left", site: 1, bath: langevin(3, 1)), .init(name: "right", site: 3, bath: langevin(0, 1)),
      ])
    #expect {
      _ = try ResponseRun.models(of: cold, at: "baths.right.temperature") { _ in false }
    } throws: { "\($0)".contains("is 0") }
    let offers = TrajectorySolver.offers(for: cold)
    for (name, word) in [
      ("conductance[left,right]", "there are conductance[left,left]"), ("response[medium.sites]", "whole"),
      ("response[medium.quartic]", "is 0"),
    ] {
      let item = try #require(Questions.Item(name))
      let offer = try #require(offers.first { $0.family == item.family })
      #expect(offer.reason(against: item)?.contains(word) == true, "\(name)")
    }
  }
}
