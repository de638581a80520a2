import NessFiles
import NessModel

/// Which bath of a transistor is which.
package struct TransistorRoles: Hashable, Sendable {
  /// The bath whose temperature is varied.
  package let base: String
  /// The hotter of the others, unless named.
  package let emitter: String
  /// The colder of the others, unless named.
  package let collector: String

  private static let baseNames = ["base", "gate", "middle"]
  private static let emitterNames = ["emitter", "source"]
  private static let collectorNames = ["collector", "drain"]

  /// The roles that are asked for, else by the names of the baths, else by their temperatures.
  ///
  /// - Throws: `DeviceError` that says what to name.
  package init(
    of experiment: Experiment, base: String? = nil, emitter: String? = nil, collector: String? = nil
  ) throws(DeviceError) {
    let names = experiment.givenContacts.map(\.name)
    let all = names.joined(separator: ", ")
    guard names.count >= 3 else {
      let count = names.count == 1 ? "is one" : "are \(names.count)"
      throw DeviceError("a transistor has three baths, and there \(count): \(all)")
    }
    for (option, name) in [("--base", base), ("--emitter", emitter), ("--collector", collector)] {
      if let name, !names.contains(name) {
        throw DeviceError("\(option): " + unknownWord("bath", name, among: names))
      }
    }
    func only(_ known: [String]) -> String? {
      let found = names.filter { known.contains($0.lowercased()) }
      return found.count == 1 ? found[0] : nil
    }
    guard let base = base ?? only(Self.baseNames) else {
      throw DeviceError(
        "which of the baths \(all) is the base? Name it: device: {kind: transistor, base: \(names[1])} in the file, or ness device transistor --base \(names[1])"
      )
    }
    let others = experiment.givenContacts.filter { $0.name != base }.sorted {
      $0.bath.base.temperature > $1.bath.base.temperature
    }
    if others.count > 2, emitter ?? only(Self.emitterNames) == nil || collector ?? only(Self.collectorNames) == nil {
      throw DeviceError("there are \(names.count) baths (\(all)): name two with --emitter and --collector")
    }
    let namedEmitter = emitter ?? only(Self.emitterNames)
    let namedCollector = collector ?? only(Self.collectorNames)
    let free = others.map(\.name)
    let hotter = namedEmitter ?? free.first { $0 != namedCollector } ?? free[0]
    self.base = base
    self.emitter = hotter
    self.collector = namedCollector ?? free.last { $0 != hotter } ?? free[1]
    guard Set([self.base, self.emitter, self.collector]).count == 3 else {
      throw DeviceError(
        "base, emitter and collector are three different baths: found \(self.base), \(self.emitter), \(self.collector)")
    }
  }
}
