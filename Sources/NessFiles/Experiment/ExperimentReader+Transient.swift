import NessModel

extension ExperimentReader {
  private static let transientForm =
    "what is followed from a start, for example {duration: 20.0, every: 0.5, temperature: 1.0}"

  /// What is followed from a start; nil, and reported, where that cannot be read.
  mutating func transient(_ owner: Entry) -> Transient? {
    guard var entries = mapping(owner, expected: Self.transientForm) else { return nil }
    entries = checkKeys(entries, of: owner, allowed: Transient.keys, required: ["duration", "every"])
    var transient = Transient(duration: 1, every: 1)
    let before = faults.count
    for entry in entries {
      switch entry.name {
      case "duration": transient.duration = real(entry) ?? 1
      case "every": transient.every = real(entry) ?? 1
      case "temperature": transient.temperature = numberOrList(entry)
      case "displacement": transient.displacement = numberOrList(entry)
      case "velocity": transient.velocity = numberOrList(entry)
      case "populations": transient.populations = numbers(entry)
      case "state": transient.state = start(entry)
      default: continue
      }
    }
    let required = ["duration", "every"].allSatisfy { key in entries.contains { $0.name == key } }
    return required && faults.count == before ? transient : nil
  }

  private mutating func start(_ entry: Entry) -> LevelStart? {
    if entry.node.sequence != nil { return .amplitudes(numbers(entry)) }
    return text(entry, expected: "amplitudes of the states of the parts, or a formula of their operators")
      .map(LevelStart.operation)
  }

  private mutating func numberOrList(_ entry: Entry) -> [Double] {
    if entry.node.sequence != nil { return numbers(entry) }
    return real(entry, expected: "a number for all sites, or a list with one for each").map { [$0] } ?? []
  }
}

extension AnyMedium {
  /// How many levels it has, where that is known before any work.
  fileprivate var knownLevels: Int? {
    if let system = base as? LevelSystem { return system.levels }
    return (base as? QuantumBox)?.levels
  }
}

extension Transient {
  static let keys = ["duration", "every", "temperature", "displacement", "velocity", "populations", "state"]

  /// Everything out of range, with its key.
  func faults(of medium: AnyMedium) -> [FileFault] {
    var faults: [FileFault] = []
    func fault(_ key: String, _ found: String, _ expected: String, _ remedy: String? = nil) {
      faults.append(FileFault(key: "transient.\(key)", found: found, expected: expected, remedy: remedy))
    }
    if !(duration.isFinite && duration > 0) { fault("duration", "\(duration)", "a time > 0") }
    if !(every.isFinite && every > 0) { fault("every", "\(every)", "a time > 0") }
    if faults.isEmpty {
      if samples < 1 { fault("every", "\(every)", "a time no longer than the duration, \(duration)") }
      if samples > Self.mostSamples {
        fault(
          "every", "\(every)", "\(duration / Double(Self.mostSamples)) or longer: at most \(Self.mostSamples) samples")
      }
    }
    for (index, value) in temperature.enumerated() where !(value.isFinite && value >= 0) {
      fault(temperature.count == 1 ? "temperature" : "temperature[\(index)]", "\(value)", "a temperature >= 0")
    }
    let kind = medium.solved.kind.key
    let hasLevels = kind == QuantumBox.kind.key || kind == LevelSystem.kind.key
    let unfollowed = [
      Box.kind.key: (beside: "", what: "a classical box"),
      QuantumGas.kind.key: (beside: " with several particles", what: "several quantum particles"),
    ]
    if let (beside, what) = unfollowed[kind] {
      faults.append(
        FileFault(
          key: "transient", found: "a medium of kind \(medium.kind.key)\(beside)",
          expected: "a chain, a network, a quantum box of one particle or a system of levels",
          remedy: "of \(what) no transient is followed yet"))
      return faults
    }
    if let network = medium.solved.base as? Network, network.isQuantum {
      faults.append(
        FileFault(
          key: "transient", found: "a \(medium.kind.key) with hbar \(network.hbar.short)",
          expected: "a classical one, hbar 0, or a system of levels",
          remedy: "of quantum chains and networks no transient is followed yet"))
      return faults
    }
    let sites = hasLevels ? 1 : medium.sites
    for (key, list) in [("temperature", temperature), ("displacement", displacement), ("velocity", velocity)] {
      if hasLevels, key != "temperature", !list.isEmpty {
        fault(
          key, "a list",
          "temperature or populations, of a \(kind == QuantumBox.kind.key ? "quantum box" : "system of levels")")
      } else if list.count > 1, list.count != sites {
        fault(key, "\(list.count) numbers", hasLevels ? "one number" : "one number, or one for each of \(sites) sites")
      }
    }
    if !populations.isEmpty {
      if !hasLevels { fault("populations", "a list", "temperature, displacement and velocity, of a \(kind)") }
      if let index = populations.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
        fault("populations[\(index)]", "\(populations[index])", "a probability")
      }
      let whole = populations.reduce(0, +)
      if abs(whole - 1) > 1e-9, !(whole.isNaN) {
        fault("populations", "a sum of \(whole)", "probabilities whose sum is 1")
      }
      if let levels = medium.knownLevels, populations.count > levels {
        fault(
          "populations", "\(populations.count) numbers", "at most \(levels), one for each level, ascending in energy")
      }
      if !temperature.isEmpty { fault("populations", "a list beside temperature", "one of the two") }
    }
    if let state {
      if let system = medium.solved.base as? LevelSystem {
        if system.faults.isEmpty, let found = system.fault(in: state, at: "transient.state") {
          faults.append(FileFault(found))
        }
      } else {
        fault("state", "a state", "temperature or populations: a state is that of a system of levels")
      }
      if !temperature.isEmpty || !populations.isEmpty {
        fault("state", "a state beside \(temperature.isEmpty ? "populations" : "temperature")", "one of the two")
      }
    }
    return faults
  }

  /// What it says besides the defaults, by key.
  package var words: [(key: String, text: String)] {
    var words = [("duration", "\(duration)"), ("every", "\(every)")]
    for (key, list) in [
      ("temperature", temperature), ("displacement", displacement), ("velocity", velocity),
      ("populations", populations),
    ] where !list.isEmpty {
      let isNumber = list.count == 1 && key != "populations"
      words.append((key, isNumber ? "\(list[0])" : "[\(list.map { "\($0)" }.joined(separator: ", "))]"))
    }
    if let state { words.append(("state", state.text)) }
    return words
  }

  /// As a file has it.
  var yamlLine: String { "transient: {\(words.map { "\($0.key): \($0.text)" }.joined(separator: ", "))}" }
}
