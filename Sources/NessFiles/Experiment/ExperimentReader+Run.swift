import NessModel

extension ExperimentReader {
  /// The settings of the run; wrong ones are reported and keep their defaults.
  mutating func runSettings(_ owner: Entry) -> RunSettings {
    var run = RunSettings()
    guard let entries = mapping(owner, expected: "run settings, such as seed and duration") else { return run }
    for entry in checkKeys(entries, of: owner, allowed: RunSettings.keys, required: []) {
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
      case "record": run.record = record(entry)
      default: continue
      }
    }
    return run
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
