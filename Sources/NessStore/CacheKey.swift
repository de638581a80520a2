import NessFiles
import NessModel

/// What a cached value was computed from, as lines `path=value` in a fixed order. Equal keys have equal lines.
package struct CacheKey: Hashable, Sendable, CustomStringConvertible {
  /// One `path=value` line.
  package struct Line: Hashable, Sendable {
    let text: String

    private init(path: String, value: String) {
      text = Self.escaped(path) + "=" + Self.escaped(value)
    }

    /// A line with a number in its shortest round-trip form.
    package static func number(_ path: String, _ value: Double) -> Line { Line(path: path, value: "\(value)") }
    /// A line with a whole number.
    package static func whole(_ path: String, _ value: some BinaryInteger) -> Line {
      Line(path: path, value: "\(value)")
    }
    /// A line with a text; line breaks are escaped.
    package static func text(_ path: String, _ value: String) -> Line { Line(path: path, value: value) }

    private static func escaped(_ text: String) -> String {
      // Nearly every text is one, and a search for nothing takes longer than all the rest.
      let odd: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "=")]
      guard text.utf8.contains(where: odd.contains) else { return text }
      return text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("=", with: "\\=")
    }
  }

  /// The lines, each with a newline.
  package let description: String

  /// A key from its lines in order. Name what was computed, and the versions of what computed it, in the first ones.
  package init(_ lines: [Line]) {
    description = lines.map { $0.text + "\n" }.joined()
  }

  package init(text: String) { description = text }

  /// Name of the entry: 32 hexadecimal digits of the description's hash.
  package var digest: String { stableHash(description.utf8) }

  /// What was computed: the value of the first line.
  package var subject: String {
    String(description.prefix { $0 != "\n" }.drop { $0 != "=" }.dropFirst())
  }

  /// A number that differs from key to key, the same on every machine: for seeds that belong to what is computed.
  package var number: UInt64 { UInt64(digest.prefix(16), radix: 16) ?? 0 }
}

extension CacheKey {
  /// The lines that describe a model: what a file has to say of it. An optional parameter at its default is left out, so
  /// that the keys of models that do not use a new one stay as they are.
  package static func lines(for model: AnyModel) -> [Line] {
    let source = model.drivenMedium?.source ?? model.medium
    let medium =
      source.base.distinctiveParameters.map { Line.text("medium.\($0.name)", $0.text ?? "auto") }
      + lines(for: source.tables, at: "medium.")
    let baths = model.attachments.flatMap { attachment in
      let path = "baths.\(attachment.name)"
      return [.text("\(path).kind", attachment.bath.kind.key), .whole("\(path).site", attachment.site)]
        + lines(for: attachment.bath, at: "\(path).")
    }
    // Heats of baths at several sites are told together, too.
    let groups = model.writtenBaths.groups.map { bath in
      Line.text("baths.\(bath.name).sites", "\(bath.members.map { model.attachments[$0].site })")
    }
    // Of a study of the steady state it says nothing.
    let transient = (model.transient?.words ?? []).map { Line.text("transient.\($0.key)", $0.text) }
    return [.text("medium.kind", source.kind.key)] + medium + baths + groups + transient
      + (model.drivenMedium.map { lines(for: $0.drive) } ?? [])
  }

  /// The lines that describe a drive; none for what is at rest.
  private static func lines(for drive: Drive) -> [Line] {
    (drive.period.map { [.number("drive.period", $0)] } ?? [])
      + drive.items.sorted { $0.path < $1.path }.map { .text("drive.\($0.path)", $0.formula) }
  }

  /// The lines that describe a chain.
  package static func lines(for model: ChainModel) -> [Line] { lines(for: AnyModel(model)) }

  /// The lines that describe a bath of a known kind.
  ///
  /// - Parameter path: begins their names.
  package static func lines(for bath: AnyBath, at path: String = "") -> [Line] {
    bath.base.distinctiveParameters.compactMap { parameter in
      parameter.text.map { .text("\(path)\(parameter.name)", $0) }
    } + lines(for: bath.tables, at: path)
  }

  private static func lines(for tables: [(name: String, rows: [[Double]])], at path: String) -> [Line] {
    tables.map { .text("\(path)\($0.name)", $0.rows.map { "\($0)" }.joined()) }
  }

  /// The lines that describe the settings of a run but for its length, its precision and the number of replicas.
  package static func familyLines(for run: RunSettings) -> [Line] {
    lines(for: run).filter { line in familySettings.contains { line.text.hasPrefix("\($0)=") } }
  }

  /// What the states of a run depend on.
  static let familySettings = ["run.seed", "run.noise", "run.burnIn", "run.timeStep"]

  /// The lines that describe the settings of a run; those at their default are left out, and so are those left to Ness.
  package static func lines(for run: RunSettings) -> [Line] {
    func lines(_ run: RunSettings) -> [Line] {
      let optional = [
        ("duration", run.duration), ("burnIn", run.burnIn), ("timeStep", run.timeStep),
        ("targetError", run.targetError),
      ]
      return [
        .whole("run.seed", run.seed), .whole("run.replicas", run.replicas),
        .text("run.noise", run.noise?.rawValue ?? "auto"),
      ]
        + optional.map { name, value in .text("run.\(name)", value.map { "\($0)" } ?? "auto") }
    }
    let defaults = Set(lines(RunSettings()))
    return lines(run).filter { !defaults.contains($0) }
  }

  /// The lines of the engines that a result depends on.
  package static func lines(for engines: [EngineVersion]) -> [Line] {
    engines.map { .whole("\(enginePath)\($0.engine)", $0.number) }
  }

  static let enginePath = "engine."
  private static let mostEngines = 8

  /// The engines on which the result of a key depends.
  ///
  /// - Parameter text: the lines of the key.
  static func engines(ofText text: String) -> [EngineVersion] {
    // The first line says what was computed, those of the engines follow in a block.
    let named = text.split(separator: "\n", maxSplits: mostEngines).dropFirst().prefix {
      $0.hasPrefix(enginePath) || $0.hasPrefix("engine=")
    }
    .compactMap { line -> EngineVersion? in
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[1]) else { return nil }
      return EngineVersion(String(parts[0].split(separator: ".").last ?? ""), number)
    }
    return named + unnamedEngines(text, named)
  }

  /// Engines of some models whose versions were not named yet when their results were computed (`TrajectorySolver.engines`,
  /// `NetworkTrajectorySolver.engines`).
  private static func unnamedEngines(_ text: String, _ engines: [EngineVersion]) -> [EngineVersion] {
    let names = Set(engines.map(\.engine))
    guard !names.isDisjoint(with: ["trajectory", "network-trajectory"]),
      ["run with budget", "step check", "heatCurrent and its bias"].contains(CacheKey(text: text).subject)
    else { return [] }
    let lines = text.split(separator: "\n")
    let kinds = lines.filter { $0.hasPrefix("baths.") && $0.contains(".kind=") }
    let particles = kinds.count { $0.hasSuffix("=particles") }
    var unnamed: [String] = []
    if names.contains("network-trajectory") {
      let isNew = kinds.contains { kind in ["andersen", "memory", "active"].contains { kind.hasSuffix("=\($0)") } }
      let isSteady = !lines.contains { $0.hasPrefix("transient.") || $0.hasPrefix("drive.") }
      if isNew, isSteady { unnamed.append("bath-innovations") }
      return unnamed.filter { !names.contains($0) }.map { EngineVersion($0, 0) }
    }
    if particles > 1 || (particles == 1 && kinds.count > 2) { unnamed.append("innovations") }
    if particles == 0, kinds.count > 1, lines.contains(where: { $0.hasPrefix("medium.quartic=") }) {
      unnamed.append("quartic-innovations")
    }
    return unnamed.filter { !names.contains($0) }.map { EngineVersion($0, 0) }
  }
}

/// FNV-1a with 128 bits (Fowler, Noll, Vo), as 32 hexadecimal digits: the same on every machine. It tells files apart
/// and finds damage; it is no defence against an attacker.
package func stableHash(_ bytes: some Sequence<UInt8>) -> String {
  let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013B
  var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
  for byte in bytes { hash = (hash ^ UInt128(byte)) &* prime }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 32 - digits.count) + digits
}
