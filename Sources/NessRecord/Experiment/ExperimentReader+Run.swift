import NessModel

extension ExperimentReader {
  /// The settings of the run; wrong ones are reported and keep their defaults.
  mutating func runSettings(_ owner: Entry) -> RunSettings {
    var run = RunSettings()
    let allowed = ["seed", "replicas", "duration", "burnIn", "timeStep", "targetError", "noise"]
    guard let entries = mapping(owner, expected: "run settings, such as seed and duration") else { return run }
    checkKeys(entries, of: owner, allowed: allowed, required: [])
    for entry in entries {
      switch entry.name {
      case "seed":
        let expected = "a whole number between 0 and \(UInt64.max)"
        run.seed = whole(entry, as: UInt64.self, expected: expected) ?? run.seed
      case "replicas": run.replicas = whole(entry) ?? run.replicas
      case "duration": run.duration = real(entry)
      case "burnIn": run.burnIn = real(entry)
      case "timeStep": run.timeStep = real(entry)
      case "targetError": run.targetError = real(entry)
      case "noise": run.noise = choice(entry, of: ParticleNoise.allCases.map(\.rawValue)).flatMap(ParticleNoise.init)
      default: continue
      }
    }
    return run
  }

  /// The sweep; with an empty parameter or without values, and reported, where they cannot be read.
  mutating func sweep(_ owner: Entry) -> Sweep? {
    let rangeKeys = ["from", "to", "points", "scale"]
    guard let entries = mapping(owner, expected: "a sweep with the keys parameter and values") else { return nil }
    let isRange = entries.contains { rangeKeys.contains($0.name) }
    let list = entries.first { $0.name == "values" }
    let ways = list != nil ? ["values"] : isRange ? ["from", "to", "points"] : ["values"]
    checkKeys(
      entries, of: owner, allowed: ["parameter", "values"] + rangeKeys, required: ["parameter"] + ways)
    if let list, isRange {
      report(
        list.path, at: list.keyPlace, found: "values beside from, to, points or scale",
        expected: "either values or a range")
    }
    let parameter = entries.first { $0.name == "parameter" }.flatMap { text($0) } ?? ""
    if let list { return Sweep(parameter: parameter, values: numbers(list)) }
    return range(entries, parameter: parameter)
  }

  private mutating func range(_ entries: [Entry], parameter: String) -> Sweep {
    var from = 1.0
    var to = 2.0
    var points = 2
    var scale = Sweep.Scale.linear
    for entry in entries {
      switch entry.name {
      case "from": from = real(entry) ?? from
      case "to": to = real(entry) ?? to
      case "points": points = whole(entry) ?? points
      case "scale":
        let word = choice(entry, of: Sweep.Scale.allCases.map(\.rawValue))
        scale = word.flatMap(Sweep.Scale.init) ?? scale
      default: continue
      }
    }
    return Sweep(parameter: parameter, from: from, to: to, points: points, scale: scale)
  }

  mutating func numbers(_ entry: Entry) -> [Double] {
    remember(entry)
    guard let nodes = entry.node.sequence else {
      reportType(entry, expected: "a list of numbers, for example [1.0, 2.0]")
      return []
    }
    return nodes.enumerated().compactMap { index, node in
      real(Entry(path: "\(entry.path)[\(index)]", name: entry.name, keyPlace: entry.keyPlace, node: node))
    }
  }
}
