import Foundation

/// The memory that this process may have.
package struct MemoryLimit: Sendable {
  /// What is left of it [bytes].
  package let bytes: Double
  /// Who limits it, as the subject of a sentence about gigabytes.
  package let words: String

  /// The least of what the machine has, what `ulimit` allows and what the control group allows (Slurm's `--mem`, a
  /// container), each less what this process has already where that counts.
  package static var current: MemoryLimit {
    ([ofMachine] + ofProcess() + ofGroups).min { $0.bytes < $1.bytes } ?? ofMachine
  }

  private static let ofMachine = MemoryLimit(
    bytes: Double(ProcessInfo.processInfo.physicalMemory), words: "this machine has")

  /// The limits of the process on its address space and its data.
  private static func ofProcess() -> [MemoryLimit] {
    #if os(Linux)
      let kinds = [(RLIMIT_AS, { sizes().all }, "ulimit -v"), (RLIMIT_DATA, { sizes().data }, "ulimit -d")]
      return kinds.compactMap { kind, used, name in
        var limit = rlimit()
        guard getrlimit(Int32(kind.rawValue), &limit) == 0, limit.rlim_cur < rlim_t(1) << 62 else { return nil }
        // Read only where there is a limit, which is rare: it takes longer than many a solution.
        let bytes = max(0, Double(limit.rlim_cur) - used())
        return MemoryLimit(bytes: bytes, words: "\(name) leaves this process")
      }
    #else
      return []
    #endif
  }

  #if os(Linux)
    /// Address space and data of this process [bytes].
    private static func sizes() -> (all: Double, data: Double) {
      let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
      let pages = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
      let page = Double(sysconf(Int32(_SC_PAGESIZE)))
      return pages.count > 5 ? (pages[0] * page, pages[5] * page) : (0, 0)
    }
  #endif

  /// Whether `ulimit -v` bounds the addresses of this process.
  package static var isAddressSpaceLimited: Bool {
    #if os(Linux)
      var limit = rlimit()
      return getrlimit(Int32(RLIMIT_AS.rawValue), &limit) == 0 && limit.rlim_cur < rlim_t(1) << 62
    #else
      return false
    #endif
  }

  /// Why a process that has no threads yet could not start those that it needs; nil if it can.
  ///
  /// It is asked at the start: for a thread that cannot be started the libraries wait without an end.
  package static var reasonAgainstThreads: String? {
    #if os(Linux)
      guard let limit = ofProcess().min(by: { $0.bytes < $1.bytes }) else { return nil }
      var stack = rlimit()
      let isKnown = getrlimit(Int32(RLIMIT_STACK.rawValue), &stack) == 0 && stack.rlim_cur < rlim_t(1) << 40
      // The system's own choice where the shell makes none.
      let bytes = isKnown ? Double(stack.rlim_cur) : 2 * 1_048_576
      let threads = 6 + min(8, ProcessInfo.processInfo.activeProcessorCount)
      let needed = Double(threads) * bytes + 16 * 1_048_576
      if needed <= limit.bytes { return nil }
      return "\(threads) threads need \((needed / 1e9).short) GB of addresses to begin with and \(limit.words) "
        + "\((limit.bytes / 1e9).short): give this process more, or its threads smaller stacks (ulimit -s 1024)"
    #else
      return nil
    #endif
  }

  /// The limits of the control groups that the process is in, read once.
  private static let ofGroups: [MemoryLimit] = {
    func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
    return limits(ofGroups: text("/proc/self/cgroup") ?? "", read: text)
  }()

  /// - Parameters:
  ///   - groups: what `/proc/self/cgroup` says: a line `number:controllers:path` for each hierarchy.
  ///   - read: the text of a file; nil if there is none.
  package static func limits(ofGroups groups: String, read: (String) -> String?) -> [MemoryLimit] {
    groups.split(separator: "\n").flatMap { line -> [MemoryLimit] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { return [] }
      let (root, name) =
        isUnified ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      // A limit of any group above counts as well; within a container the path may not be there, but its root is.
      let steps = parts[2].split(separator: "/")
      return (0...steps.count).compactMap { count in
        let folder = ([root] + steps.prefix(count).map(String.init)).joined(separator: "/")
        let text = read("\(folder)/\(name)")?.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = text.flatMap({ Double($0) }),
          // The first version writes a number near 2^63 for no limit.
          bytes < 0x1p60
        else { return nil }
        return MemoryLimit(bytes: bytes, words: "the control group (a container, or --mem of Slurm) allows")
      }
    }
  }
}

/// Why work cannot be done in the memory there is; nil if it fits into four fifths of it.
///
/// - Parameters:
///   - what: the plural that needs the memory, for example `64 replicas of this model`.
///   - bytes: the memory needed.
///   - remedy: what to do.
package func memoryReason(_ what: String, bytes: Double, remedy: String) -> String? {
  // What any process has; the limit takes reading files of the system.
  if bytes <= 0x10_0000 { return nil }
  let limit = MemoryLimit.current
  if bytes <= 0.8 * limit.bytes { return nil }
  return "\(what) need \((bytes / 1e9).short) GB of memory and \(limit.words) \((limit.bytes / 1e9).short): \(remedy)"
}
