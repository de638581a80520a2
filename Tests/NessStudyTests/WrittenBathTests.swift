import NessFiles
import NessModel
import NessStatistics
import NessStudy
import Testing

/// A bath of a file may touch several sites of a network: it is one bath like this at each, and its heat is their sum.
@Suite("Baths at several sites")
struct WrittenBathTests {
  private static let medium =
    "{kind: network, lattice: {chain: 7}, bond: \"r^2/2 + b*r^4/4\", parameters: {b: 0.0}, pinning: 1.0}"

  private func experiment(_ baths: String, medium: String = medium, rest: String = "") throws(ExperimentError)
    -> Experiment
  {
    try Experiment(yaml: "medium: \(medium)\nbaths:\n\(baths)\n\(rest)\n", file: "w.yaml", directory: nil)
  }

  private let together = """
      left: {kind: langevin, sites: 1-2, temperature: 2.0, friction: 0.7}
      free: {kind: langevin, sites: [4], temperature: free, friction: 0.3}
      right: {kind: langevin, sites: [6, 7], temperature: 1.0, friction: 1.3}
    """
  private let apart = """
      left-1: {kind: langevin, site: 1, temperature: 2.0, friction: 0.7}
      left-2: {kind: langevin, site: 2, temperature: 2.0, friction: 0.7}
      free: {kind: langevin, site: 4, temperature: free, friction: 0.3}
      right-6: {kind: langevin, site: 6, temperature: 1.0, friction: 1.3}
      right-7: {kind: langevin, site: 7, temperature: 1.0, friction: 1.3}
    """

  private func members(_ experiment: Experiment) throws -> [Answer.Entry] {
    try experiment.firstPoint().estimates.members
  }

  @Test("are the same as a bath at each, their heats summed, and the heat current is that of the left ones")
  func theory() throws {
    let one = try members(experiment(together)).filter { $0.method != .simulation }
    let each = try members(experiment(apart)).filter { $0.method != .simulation }
    func value(_ quantity: Quantity, _ from: [Answer.Entry]) throws -> Estimate {
      try #require(from.first { $0.quantity == quantity }?.estimate)
    }
    for name in ["left-1", "left-2", "right-6", "right-7", "free"] {
      #expect(try value(.heat(from: name), one) == value(.heat(from: name), each), "\(name)")
    }
    let left = try value(.heat(from: "left"), one)
    let parts = try ["left-1", "left-2"].map { try value(.heat(from: $0), each) }
    #expect(left.value == parts[0].value + parts[1].value && left.error == parts[0].error + parts[1].error)
    #expect(try value(.heatCurrent, one) == left)
    let right = try value(.heat(from: "right"), one)
    #expect(abs(left.value + right.value) <= left.error + right.error && left.value > 0.01)
    // Control: four baths whose temperatures are given have no heat current.
    #expect(!each.contains { $0.quantity == .heatCurrent } && !each.contains { $0.quantity == .heat(from: "left") })
  }

  @Test("are simulated alike: the error of the sum is its own, and it agrees with theory")
  func simulation() throws {
    let run = "run: {seed: 11, replicas: 128, duration: 400}\nquantities: [heatFrom, heatCurrent]"
    let found = try members(experiment(together, rest: run))
    func entry(_ quantity: Quantity, _ method: NessModel.Method) throws -> Answer.Entry {
      try #require(found.first { $0.quantity == quantity && $0.method == method })
    }
    for quantity in [Quantity.heatCurrent, .heat(from: "left"), .heat(from: "right"), .heat(from: "free")] {
      let (sampled, exact) = (try entry(quantity, .simulation), try entry(quantity, .markov).estimate)
      let bias = sampled.budget?.unknownBias ?? 0
      let error = (sampled.estimate.error * sampled.estimate.error + bias * bias).squareRoot()
      #expect(abs(sampled.estimate.value - exact.value) <= 4.9 * error, "\(quantity)")
      #expect(sampled.budget != nil)
    }
    // Heats at neighbouring sites have opposite noise: their sum is known better than their errors added up.
    let parts = try ["left-1", "left-2"].map { try entry(.heat(from: $0), .simulation).estimate.error }
    #expect(try entry(.heat(from: "left"), .simulation).estimate.error < parts[0] + parts[1])
  }

  @Test("of anharmonic networks reservoirs are searched for, and a diode has two baths beside them")
  func devices() throws {
    let medium = Self.medium.replacing("b: 0.0", with: "b: 1.0")
    let run = "run: {seed: 3, replicas: 64, duration: 100}\nquantities: [heatCurrent]"
    let found = try members(experiment(together, medium: medium, rest: run))
    let current = try #require(found.first { $0.quantity == .heatCurrent && $0.method == .simulation })
    #expect(current.estimate.value > 0 && current.budget != nil)
    let diode = try Diode(experiment(together, rest: "run: {duration: 10}"))
    let pair = diode.runs.map { $0.experiment.givenContacts.map(\.bath.base.temperature) }
    #expect(pair == [[2, 1], [1, 2]])
    #expect(diode.runs.allSatisfy { $0.experiment.contacts.contains(where: \.isSelfConsistent) })
  }

  @Test("keep their names through files, sweeps and keys of stored results")
  func files() throws {
    let experiment = try experiment(
      together.replacing("[4]", with: "inner").replacing("sites: 1-2, ", with: "").replacing(
        "sites: [6, 7], ", with: ""),
      rest: "sweep: {parameter: medium.lattice.chain, values: [2, 3, 7]}\nquantities: [heatFrom.free]")
    let again = try Experiment(yaml: experiment.yaml(), file: "w.yaml", directory: nil)
    #expect(again == experiment)
    let names = experiment.points().map { $0.model.attachments.map(\.name) }
    #expect(
      names == [["left", "right"], ["left", "free", "right"], ["left"] + (2...6).map { "free-\($0)" } + ["right"]])
  }

  @Test("a sweep of the temperature moves all sites, and so does a verdict")
  func sweep() throws {
    let experiment = try experiment(
      together, rest: "sweep: {parameter: baths.left.temperature, values: [1.5, 3.0]}\nquantities: [heatCurrent]")
    let points = experiment.points().map(\.model)
    #expect(points.map { $0.temperatures.prefix(2).map { $0 } } == [[1.5, 1.5], [3, 3]])
    let warmer = try #require(points[0].with(temperature: 3, ofBath: "left"))
    #expect(warmer == points[1])
    #expect(
      points[0].givenBaths.map(\.name) == ["left", "right"] && points[0].givenBaths.map(\.temperature) == [1.5, 1])
  }

  @Test("faults name the key of the file")
  func faults() {
    func words(_ baths: String, medium: String = Self.medium, rest: String = "") -> String {
      do throws(ExperimentError) {
        _ = try experiment(baths, medium: medium, rest: rest)
        return ""
      } catch { return "\(error)" }
    }
    let right = "\n  right: {kind: langevin, temperature: 1, friction: 1}"
    func left(_ sites: String, _ more: String = "temperature: 2, friction: 1") -> String {
      "  left: {kind: langevin, sites: \(sites), \(more)}" + right
    }
    for (sites, told) in [
      ("[1, 1]", "site 1 twice"), ("5-9", "between 1 and 7"), ("[]", "no site"), ("odd", "found odd"),
      ("[1, x]", "found x"),
      ("0-2", "between 1 and 7"),
      ("7-5", "found 7-5"),
    ] {
      let text = words(left(sites))
      #expect(
        text.contains("w.yaml:3") && text.contains("baths.left.sites") && text.contains(told), "\(sites): \(text)")
    }
    #expect(words(left("1-3", "temperature: -2, friction: 1")).contains("baths.left.temperature: found -2"))
    #expect(words(left("1-3, site: 1")).contains("one of them"))
    #expect(words(left("1-2"), medium: "{kind: chain, sites: 7, pinning: 1.0}").contains("lattice: {chain: N}"))
    #expect(
      words(left("1-2"), rest: "drive: {period: 10, baths.right.temperature: \"1 + 0.1*sin(t)\"}")
        .contains("a bath for each site"))
    // Control: what is right is read.
    #expect(words(left("1-2")).isEmpty && words(left("[1, 3-4]")).isEmpty && words(left("inner")).isEmpty)
  }
}
