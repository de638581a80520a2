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

  /// The same two baths with and without the free one, which has no part in what follows.
  private func pair(_ text: String) -> String {
    text.split(separator: "\n").filter { !$0.contains("free:") }.joined(separator: "\n")
  }

  @Test("noise, covariances and conductances are those of all their sites together, by theory")
  func fluctuations() throws {
    let asked = "quantities: [heatCovariance, conductance, heatNoise]"
    let each = try members(experiment(pair(apart), rest: asked))
    let one = try members(
      experiment(
        pair(together),
        rest: "quantities: [heatCovariance, conductance, heatNoise, fanoFactor, uncertaintyRatio, heatCurrent, "
          + "\"response[baths.left.temperature]\", \"heatResponse[right,baths.left.friction]\"]"))
    func value(_ name: String, _ from: [Answer.Entry]) throws -> Estimate {
      let quantity = try #require(Quantity(name))
      return try #require(from.first { $0.quantity == quantity && $0.method != .simulation }?.estimate, "\(name)")
    }
    let sites = ["left": ["left-1", "left-2"], "right": ["right-6", "right-7"]]
    for family in ["heatCovariance", "conductance"] {
      for (bath, own) in sites {
        for (other, others) in sites {
          let parts = try own.flatMap { one in try others.map { try value("\(family)[\(one),\($0)]", each) } }
          let whole = try value("\(family)[\(bath),\(other)]", one)
          let bound = parts.reduce(whole.error) { $0 + $1.error }
          #expect(abs(parts.reduce(0) { $0 + $1.value } - whole.value) <= bound, "\(family)[\(bath),\(other)]")
          #expect(whole.error <= 1e-8 * abs(whole.value))
        }
      }
    }
    let noise = try value("heatNoise", one)
    #expect(try noise == value("heatCovariance[left,left]", one))
    let current = try value("heatCurrent", one)
    #expect(try abs(value("fanoFactor", one).value - noise.value / current.value) <= 1e-9 * noise.value / current.value)
    let ratio = noise.value / current.value * 0.5 * (1 / 1.0 - 1 / 2.0)
    #expect(try abs(value("uncertaintyRatio", one).value - ratio) <= 1e-8 * ratio)
    let slope = try value("conductance[left,left]", one)
    let response = try value("response[baths.left.temperature]", one)
    #expect(abs(slope.value - response.value) <= slope.error + response.error)
    // Of another parameter from differences of the current itself.
    func heat(_ friction: Double) throws -> Double {
      let text = pair(together).replacing("friction: 0.7", with: "friction: \(friction)")
      return try value("heatFrom.right", members(experiment(text, rest: "quantities: [heatFrom]"))).value
    }
    let difference = try (heat(0.7 + 1e-4) - heat(0.7 - 1e-4)) / 2e-4
    #expect(try abs(value("heatResponse[right,baths.left.friction]", one).value - difference) <= 1e-6 * abs(difference))
    // Control: one site alone is something else.
    #expect(try abs(value("heatCovariance[left-1,left-1]", each).value - noise.value) > 0.1 * noise.value)
  }

  @Test("noise, skewness and responses of all their sites are simulated, and agree with theory")
  func sampledFluctuations() throws {
    let text = pair(together)
    let run = """
      run: {seed: 5, replicas: 256, duration: 600}
      quantities: [heatNoise, heatSkewness, heatCovariance, fanoFactor, uncertaintyRatio, "conductance[left,left]", "conductance[right,left]", "response[baths.right.friction]"]
      """
    let found = try experiment(text, rest: run).firstPoint()
    let members = found.estimates.members
    for name in [
      "heatNoise", "heatCovariance[left,right]", "fanoFactor", "uncertaintyRatio", "conductance[left,left]",
      "conductance[right,left]", "response[baths.right.friction]",
    ] {
      let quantity = try #require(Quantity(name))
      let sampled = try #require(members.first { $0.quantity == quantity && $0.method == .simulation }, "\(name)")
      let exact = try #require(members.first { $0.quantity == quantity && $0.method == .markov }, "\(name)").estimate
      let bias = sampled.budget?.unknownBias ?? 0
      let error = (sampled.estimate.error * sampled.estimate.error + bias * bias).squareRoot()
      #expect(abs(sampled.estimate.value - exact.value) <= 4.9 * error, "\(name)")
      #expect(error < 0.3 * abs(exact.value), "\(name)")
    }
    let skewness = try #require(Quantity("heatSkewness"))
    #expect(members.contains { $0.quantity == skewness && $0.method == .simulation })
    #expect(!members.contains { $0.quantity == skewness && $0.method == .markov })
  }

  @Test("a run that is too short for cumulants is told how long it has to be, and that is long enough")
  func tooShort() throws {
    func notes(_ duration: Double) throws -> (notes: [String], hasNoise: Bool) {
      let run = "run: {seed: 2, replicas: 8, duration: \(duration)}\nquantities: [heatNoise]"
      let found = try experiment(pair(together), rest: run).firstPoint()
      return (
        found.notes.map { "\($0)" },
        found.estimates.members.contains { $0.quantity == .heatNoise() && $0.method == .simulation }
      )
    }
    let short = try notes(20)
    #expect(!short.hasNoise)
    // It is told before, and not where nothing of the kind is asked.
    func foretold(_ quantity: String, _ duration: Double) throws -> Bool {
      let run = "run: {seed: 2, replicas: 8, duration: \(duration)}\nquantities: [\(quantity)]"
      let preview = try Study(experiment(pair(together), rest: run), threads: 1).preview(store: nil)
      return preview.notes.contains { $0.text.contains("too short for \(quantity)") }
    }
    #expect(try foretold("heatNoise", 20) && !foretold("heatNoise", 4000) && !foretold("heatFrom", 20))
    let told = short.notes.compactMap { note in
      note.firstMatch(of: /run\.duration ([0-9.e+]+) or longer/).map { String($0.1) }
    }
    let needed = try #require(told.first.flatMap(Double.init))
    #expect(needed > 20)
    // It may still be refused, for cumulants that have not settled, never for its length.
    let long = try notes(1.1 * needed)
    #expect(!long.notes.contains { $0.contains("too short") })
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
