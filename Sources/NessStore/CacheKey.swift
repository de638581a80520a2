import NessFiles
import NessModel

/// What a cached value was computed from, as lines `path=value` in a fixed order. Equal keys have equal lines.
public struct CacheKey: Hashable, Sendable, CustomStringConvertible {
  /// One `path=value` line.
  public struct Line: Hashable, Sendable {
    let text: String

    private init(path: String, value: String) {
      text = Self.escaped(path) + "=" + Self.escaped(value)
    }

    /// A line with a number in its shortest round-trip form.
    public static func number(_ path: String, _ value: Double) -> Line { Line(path: path, value: "\(value)") }
    /// A line with a whole number.
    public static func whole(_ path: String, _ value: some BinaryInteger) -> Line {
      Line(path: path, value: "\(value)")
    }
    /// A line with a text; line breaks are escaped.
    public static func text(_ path: String, _ value: String) -> Line { Line(path: path, value: value) }

    private static func escaped(_ text: String) -> String {
      // Nearly every text is one, and a search for nothing takes longer than all the rest.
      let odd: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "=")]
      guard text.utf8.contains(where: odd.contains) else { return text }
      return text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("=", with: "\\=")
    }
  }

  /// The lines, each with a newline.
  public let description: String

  /// A key from its lines in order. Name what was computed, and the version of what computed it, in the first ones.
  public init(_ lines: [Line]) {
    description = lines.map { $0.text + "\n" }.joined()
  }

  /// Name of the entry: 32 hexadecimal digits of the description's hash.
  public var digest: String { stableHash(description.utf8) }

  /// What was computed: the value of the first line.
  public var subject: String {
    String(description.prefix { $0 != "\n" }.drop { $0 != "=" }.dropFirst())
  }

  /// A number that differs from key to key, the same on every machine: for seeds that belong to what is computed.
  public var number: UInt64 { UInt64(digest.prefix(16), radix: 16) ?? 0 }
}

extension CacheKey {
  /// The lines that describe a model completely.
  public static func lines(for model: AnyModel) -> [Line] {
    // One number for both ends of a chain stands for the two that follow it.
    let medium = model.medium.parameters.filter { $0.name != "pinning" }
      .map { Line.text("medium.\($0.name)", $0.text ?? "auto") }
    let baths = model.attachments.flatMap { attachment in
      let path = "baths.\(attachment.name)"
      let tables = attachment.bath.tables.map { table in
        Line.text("\(path).\(table.name)", table.rows.map { "\($0)" }.joined())
      }
      return [.text("\(path).kind", attachment.bath.kind.key), .whole("\(path).site", attachment.site)]
        + attachment.bath.parameters.compactMap { parameter in
          parameter.text.map { .text("\(path).\(parameter.name)", $0) }
        } + tables
    }
    return [.text("medium.kind", model.medium.kind.key)] + medium + baths
  }

  /// The lines that describe a chain completely.
  public static func lines(for model: ChainModel) -> [Line] { lines(for: AnyModel(model)) }

  /// The lines that describe the settings of a run but for its length, its precision and the number of replicas.
  public static func familyLines(for run: RunSettings) -> [Line] {
    let some = ["run.seed=", "run.noise=", "run.burnIn=", "run.timeStep="]
    return lines(for: run).filter { line in some.contains { line.text.hasPrefix($0) } }
  }

  /// The lines that describe the settings of a run completely; those left to Ness are `auto`.
  public static func lines(for run: RunSettings) -> [Line] {
    let optional = [
      ("duration", run.duration), ("burnIn", run.burnIn), ("timeStep", run.timeStep), ("targetError", run.targetError),
    ]
    return [
      .whole("run.seed", run.seed), .whole("run.replicas", run.replicas),
      .text("run.noise", run.noise?.rawValue ?? "auto"),
    ]
      + optional.map { name, value in .text("run.\(name)", value.map { "\($0)" } ?? "auto") }
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
