import ArgumentParser
import Foundation
import NessFiles
import NessStore

/// How numbers are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// Options of every command that prints numbers.
package struct SharedOptions: ParsableArguments {
  @Option(help: "How to print numbers: text or json. JSON goes to standard output and nothing else does.")
  var format: OutputFormat = .text

  @Option(help: ArgumentHelp("Where results are kept and looked up.", valueName: "directory"))
  package var store = ".ness"

  @Option(help: "Threads to use; the results do not depend on it. (default: all cores)")
  package var threads: Int?

  @Flag(help: "Show no progress.")
  var quiet = false

  package init() {}

  /// The number of threads to use.
  package func threadCount() throws -> Int {
    guard let threads else { return ProcessInfo.processInfo.activeProcessorCount }
    guard (1...1024).contains(threads) else {
      throw UnusableInput("--threads \(threads): expected a number between 1 and 1024")
    }
    return threads
  }

  /// The store of results, made if there is none.
  ///
  /// - Parameter untilTheEnd: whether it stays open until the program ends; otherwise as long as it is used.
  package func openStore(_ source: Experiment.Source? = nil, untilTheEnd: Bool = true) throws -> ResultStore {
    do {
      return try OpenStores.open(store, provenance: .ofThisRun(source), untilTheEnd: untilTheEnd)
    } catch {
      throw error.end
    }
  }
}

/// How much is printed.
struct DetailOptions: ParsableArguments {
  @Flag(
    name: [.short, .long],
    help: "Print all quantities of every point, with error budgets and notes; without it the heats and the verdicts.")
  var verbose = false
}

/// Options of the commands that work on what is kept.
struct StoreOptions: ParsableArguments {
  @Option(help: "How to print: text or json. JSON goes to standard output and nothing else does.")
  var format: OutputFormat = .text

  @Option(help: ArgumentHelp("Where results are kept.", valueName: "directory"))
  var store = ".ness"

  /// A command on the same store, for the user to copy.
  func command(_ words: String...) -> String {
    shellCommand(["ness"] + words + (store == ".ness" ? [] : ["--store", store]))
  }

  /// Works on the store, which must exist.
  func withStore<Value>(_ work: (ResultStore) throws -> Value) throws -> Value {
    do {
      return try work(OpenStores.open(store, .existing))
    } catch let error as StoreError {
      throw error.end
    }
  }
}

/// Which results a command is about.
struct ResultChoice: ParsableArguments {
  @Argument(help: "Names of results, as ness list shows them; enough digits to be unique.") var names: [String] = []
  @Flag(help: "All results.") var all = false

  func validate() throws {
    if all && !names.isEmpty { throw ValidationError("give names or --all, not both") }
  }
}

extension String {
  /// What stands between the commas that are in no bracket: `conductance[left,right]` is one name.
  var namesBetweenCommas: [String] {
    var (names, depth) = ([""], 0)
    for character in self {
      depth += character == "[" ? 1 : character == "]" ? -1 : 0
      if character == ",", depth == 0 { names.append("") } else { names[names.count - 1].append(character) }
    }
    return names.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
