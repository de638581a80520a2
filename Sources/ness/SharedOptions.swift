import ArgumentParser
import Foundation
import NessRecord

/// How numbers are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Options of every command that prints numbers.
struct SharedOptions: ParsableArguments {
  @Option(help: "How to print numbers: text or json. JSON goes to standard output and nothing else does.")
  var format: OutputFormat = .text

  @Option(help: ArgumentHelp("Where results are kept and looked up.", valueName: "directory"))
  var store = ".ness"

  @Option(help: "Threads to use; the results do not depend on it. (default: all cores)")
  var threads: Int?

  @Flag(help: "Show no progress.")
  var quiet = false

  /// The number of threads to use.
  func threadCount() throws -> Int {
    guard let threads else { return ProcessInfo.processInfo.activeProcessorCount }
    guard (1...1024).contains(threads) else {
      throw UnusableInput("--threads \(threads): expected a number between 1 and 1024")
    }
    return threads
  }

  /// The store of results.
  func cache() throws -> ResultCache {
    do {
      return try ResultCache(directory: store) { Console.note("warning: \($0)") }
    } catch {
      throw UnusableInput("\(error)")
    }
  }
}
