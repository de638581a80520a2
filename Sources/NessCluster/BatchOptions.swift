/// What options of sbatch, given word for word, say about the nodes that a task needs.
package struct BatchOptions {
  /// The partition that they name; nil if none.
  package private(set) var partition: String?
  /// The processors of a task that they ask for; nil if they do not say.
  package private(set) var processors: Int?
  /// Whether they name another cluster.
  package private(set) var namesCluster = false

  /// - Parameter options: lines of options, for example `--qos=low` or `-p long`; of several the last one holds.
  package init(_ options: [String]) {
    let words = options.flatMap { $0.split(separator: " ").map(String.init) }
    for (place, word) in words.enumerated() {
      let next = words.indices.contains(place + 1) ? words[place + 1] : ""
      partition = Self.value(word, next, "-p", "--partition") ?? partition
      processors = Self.value(word, next, "-c", "--cpus-per-task").flatMap { Int($0) } ?? processors
      if Self.value(word, next, "-M", "--clusters") ?? Self.value(word, next, "-M", "--cluster") != nil {
        namesCluster = true
      }
    }
  }

  private static func value(_ word: String, _ next: String, _ short: String, _ long: String) -> String? {
    if word == short || word == long { return next }
    if word.hasPrefix(long + "=") { return String(word.dropFirst(long.count + 1)) }
    return word.hasPrefix(short) && !word.hasPrefix("--") ? String(word.dropFirst(short.count)) : nil
  }
}
