extension PointResult {
  private static let beginning = "simulated by "
  private static let end = ": this version would simulate the point anew"

  /// Notes that an older version of Ness, or of an engine, has simulated the point.
  package mutating func markOlder(_ version: String) { notes.append(Self.beginning + version + Self.end) }

  /// The older version that has simulated the point, in words; nil if it is of today.
  package var olderVersion: String? {
    let note = notes.first { $0.hasPrefix(Self.beginning) && $0.hasSuffix(Self.end) }
    return note.map { String($0.dropFirst(Self.beginning.count).dropLast(Self.end.count)) }
  }
}
