import ArgumentParser
import Foundation

/// `ness rm`: forget results.
struct Remove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm",
    abstract: "Remove results from the store.",
    discussion: """
      Says what it will remove. On a terminal it asks first, unless --yes is given.

      EXAMPLES
        ness rm 3fa94c 81b0
        ness rm --unfinished
        ness rm --all --yes
      """)

  @OptionGroup var choice: ResultChoice
  @Flag(help: "Work that has begun and has no result yet, with its saved states.") var unfinished = false
  @Flag(help: "Do not ask.") var yes = false
  @OptionGroup var options: StoreOptions

  func validate() throws {
    if choice.names.isEmpty && !choice.all && !unfinished {
      throw ValidationError("say which results: names, --unfinished or --all")
    }
  }

  func run() throws {
    try options.withStore { store in
      var results = try choice.names.map { try store.result(named: $0) }
      if choice.all || unfinished { results += try store.results(unfinished: !choice.all) }
      var seen: Set<String> = []
      results = results.filter { seen.insert($0.digest).inserted }
      for result in results.prefix(20) {
        Console.note("remove \(result.shortName)  \(result.summary.title)  \(result.summary.place)")
      }
      if results.count > 20 { Console.note("and \(results.count - 20) more") }
      guard !results.isEmpty, try isAgreed(results.count) else { return show(0) }
      try store.remove(results)
      show(results.count)
    }
  }

  private func isAgreed(_ count: Int) throws -> Bool {
    guard !yes, isatty(0) == 1 else { return true }
    Console.note("Remove \(count) result\(count == 1 ? "" : "s") for ever? (yes/no)")
    return ["y", "yes"].contains(readLine()?.lowercased())
  }

  private func show(_ count: Int) {
    switch options.format {
    case .json: Console.result("{\"removed\": \(count)}")
    case .text: Console.result("removed \(count) result\(count == 1 ? "" : "s")")
    }
  }
}
