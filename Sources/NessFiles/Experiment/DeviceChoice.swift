import NessModel

/// As which device an experiment is studied: the key `device` of a file.
package struct DeviceChoice: Hashable, Sendable {
  /// The kinds of device.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// Rectification, the temperatures of two baths being exchanged.
    case diode
    /// Amplification along the temperature of a base.
    case transistor
    /// Conductivity along the size of the medium.
    case conductivity
    /// Cooling of the coldest of three baths by the hottest.
    case refrigerator
  }

  /// What it is.
  package let kind: Kind
  /// Of a transistor the bath whose temperature is varied; nil for the one that its name tells.
  package let base: String?
  /// Of a transistor the bath that gives the heat; nil for the one that its name or temperature tells.
  package let emitter: String?
  /// Of a transistor the bath that takes the heat; nil likewise.
  package let collector: String?

  /// The keys that only a transistor has.
  package static let roles = ["base", "emitter", "collector"]

  /// A device.
  package init(_ kind: Kind, base: String? = nil, emitter: String? = nil, collector: String? = nil) {
    (self.kind, self.base, self.emitter, self.collector) = (kind, base, emitter, collector)
  }

  /// The device of that name, with the names of baths by their roles.
  ///
  /// - Throws: `DeviceFault` with the kinds that there are.
  package init(named word: String, _ baths: [String: String] = [:]) throws(DeviceFault) {
    let known = Kind.allCases.map(\.rawValue)
    guard let kind = Kind(rawValue: word) else { throw DeviceFault(unknownWord("device", word, among: known)) }
    self.init(kind, base: baths["base"], emitter: baths["emitter"], collector: baths["collector"])
    if kind != .transistor, let role = named.first?.role { throw DeviceFault("only a transistor has a \(role)") }
  }

  /// The roles that are named.
  var named: [(role: String, bath: String)] {
    zip(Self.roles, [base, emitter, collector]).compactMap { role, bath in bath.map { (role, $0) } }
  }

  /// The same with the roles that it leaves open taken from another one of its kind.
  package func completed(by other: DeviceChoice?) -> DeviceChoice {
    guard let other, other.kind == kind else { return self }
    return DeviceChoice(
      kind, base: base ?? other.base, emitter: emitter ?? other.emitter, collector: collector ?? other.collector)
  }

  /// Its line in a file.
  var yamlLine: String {
    let entries = [("kind", kind.rawValue)] + named.map { ($0.role, $0.bath) }
    return "device: {\(entries.map { "\($0): \($1)" }.joined(separator: ", "))}"
  }

  /// Why an experiment between such baths cannot be this device, as far as that can be told without a solver.
  func faults(between names: [String]) -> [FileFault] {
    let (isRight, wanted) =
      switch kind {
      case .diode, .conductivity: (names.count == 2, "two baths")
      case .transistor: (names.count >= 3, "three baths or more")
      case .refrigerator: (names.count == 3, "three baths")
      }
    if !isRight {
      let count = names.count == 1 ? "one bath" : "\(names.count) baths"
      return [
        FileFault(
          key: "device", found: "a \(kind.rawValue) of \(count) (\(names.joined(separator: ", ")))", expected: wanted)
      ]
    }
    var known: Set<String> = []
    return named.compactMap { role, bath in
      let key = "device.\(role)"
      guard names.contains(bath) else {
        return FileFault(
          key: key, found: shortened(bath), expected: "a bath: \(alternatives(names))",
          remedy: closest(to: bath, among: names).map { "did you mean \($0)?" })
      }
      return known.insert(bath).inserted
        ? nil : FileFault(key: key, found: "\(bath) a second time", expected: "another bath than the roles before it")
    }
  }
}

/// Why there is no such device, in words.
package struct DeviceFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

extension ExperimentReader {
  /// As which device the experiment is studied; nil, and reported, where that cannot be read.
  mutating func device(_ owner: Entry) -> DeviceChoice? {
    guard var entries = mapping(owner, expected: "a device, for example {kind: diode}") else { return nil }
    let word = kind(of: owner, entries, choices: DeviceChoice.Kind.allCases.map(\.rawValue))
    let kind = word.flatMap { DeviceChoice.Kind(rawValue: $0) }
    let hasRoles = kind == .transistor || kind == nil
    entries = checkKeys(
      entries, of: owner, allowed: ["kind"] + (hasRoles ? DeviceChoice.roles : []), required: [])
    var baths: [String: String] = [:]
    for entry in entries where DeviceChoice.roles.contains(entry.name) && hasRoles {
      baths[entry.name] = text(entry, expected: "the name of a bath")
    }
    return kind.map {
      DeviceChoice($0, base: baths["base"], emitter: baths["emitter"], collector: baths["collector"])
    }
  }
}
