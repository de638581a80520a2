import NessModel

extension ExperimentReader {
  static let recordKeys = ["quantities", "sites", "every", "replicas", "duration"]
  private static let form = "what is recorded, for example {quantities: [heatFrom, velocity], every: 0.1}"

  /// What is to be recorded; nil, and reported, where that cannot be read.
  mutating func record(_ owner: Entry) -> RecordRequest? {
    guard var entries = mapping(owner, expected: Self.form) else { return nil }
    entries = checkKeys(entries, of: owner, allowed: Self.recordKeys, required: ["quantities", "every"])
    var request = RecordRequest([], every: 1)
    var isWhole = entries.contains { $0.name == "quantities" } && entries.contains { $0.name == "every" }
    for entry in entries {
      switch entry.name {
      case "quantities":
        guard let found = recorded(entry) else {
          isWhole = false
          continue
        }
        request.quantities = found
      case "sites": request.sites = sites(of: entry)
      case "every":
        guard let every = real(entry) else {
          isWhole = false
          continue
        }
        request.every = every
      case "replicas": request.replicas = whole(entry) ?? request.replicas
      case "duration": request.duration = real(entry)
      default: continue
      }
    }
    return isWhole ? request : nil
  }

  private mutating func recorded(_ owner: Entry) -> [RecordedQuantity]? {
    remember(owner)
    guard let nodes = owner.node.sequence else {
      reportType(owner, expected: "a list of quantities, for example [heatFrom, velocity]")
      return nil
    }
    var found: [RecordedQuantity] = []
    let words = RecordedQuantity.allCases.map(\.rawValue)
    for (index, node) in nodes.enumerated() {
      let path = "\(owner.path)[\(index)]"
      let entry = Entry(path: path, name: owner.name, keyPlace: owner.keyPlace, node: node)
      guard let word = choice(entry, of: words), let quantity = RecordedQuantity(rawValue: word) else { return nil }
      found.append(quantity)
    }
    return found
  }

  private mutating func sites(of owner: Entry) -> [Int] {
    remember(owner)
    guard let nodes = owner.node.sequence else {
      reportType(owner, expected: "a list of sites, for example [1, 5]")
      return [1]
    }
    return nodes.enumerated().compactMap { index, node in
      whole(Entry(path: "\(owner.path)[\(index)]", name: owner.name, keyPlace: owner.keyPlace, node: node))
    }
  }
}

extension RecordRequest {
  /// Everything out of range as far as that can be told without the model, with its key.
  ///
  /// - Parameters:
  ///   - all: replicas of the run.
  ///   - whole: duration of the run, if it is given.
  func faults(replicas all: Int, duration whole: Double?) -> [FileFault] {
    var faults: [FileFault] = []
    func fault(_ key: String, _ found: String, _ expected: String) {
      faults.append(FileFault(key: "run.record.\(key)", found: found, expected: expected))
    }
    if quantities.isEmpty { fault("quantities", "an empty list", "at least one quantity") }
    if Set(quantities).count < quantities.count { fault("quantities", "a quantity twice", "each quantity once") }
    if let sites, Set(sites).count < sites.count { fault("sites", "a site twice", "each site once") }
    if sites?.isEmpty == true { fault("sites", "an empty list", "at least one site") }
    if !(every.isFinite && every > 0) { fault("every", "\(every)", "a time > 0") }
    if let duration, !(duration.isFinite && duration > 0) { fault("duration", "\(duration)", "a time > 0") }
    if let duration, let whole, duration > whole {
      fault("duration", "\(duration)", "no more than run.duration, \(whole)")
    }
    if let time = [duration, whole].compactMap({ $0 }).min(), every.isFinite, every > time * (1 + 1e-12) {
      fault("every", "\(every)", "no more than what is recorded, \(time)")
    }
    if !(1...max(1, all)).contains(replicas) {
      fault("replicas", "\(replicas)", "a whole number between 1 and the replicas of the run, \(all)")
    }
    return faults
  }

  /// Sites that a medium does not have.
  func faults(sites all: Int) -> [FileFault] {
    (sites ?? []).enumerated().filter { !(1...max(1, all)).contains($0.element) }.prefix(1).map { index, site in
      FileFault(
        key: "run.record.sites[\(index)]", found: "\(site)", expected: "a site between 1 and \(all)")
    }
  }

  /// As a file has it.
  package var text: String {
    var parts = ["quantities: [\(quantities.map(\.rawValue).joined(separator: ", "))]"]
    if let sites { parts.append("sites: [\(sites.map { "\($0)" }.joined(separator: ", "))]") }
    parts += ["every: \(every)", "replicas: \(replicas)"]
    if let duration { parts.append("duration: \(duration)") }
    return "{\(parts.joined(separator: ", "))}"
  }
}
