import ArgumentParser
import NessStore

/// `ness merge`: take over what another store has.
struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the results of another store into this one, for example from another machine.",
    discussion: """
      Where both stores have a result, the finished, more precise or longer one is kept. The other store is not changed and may be \
      of any version of Ness; merging it again changes nothing. Machines that share a disk should have a store each and merge \
      them: a store must not be written by two machines at once.

      EXAMPLES
        ness merge /scratch/node17/.ness
        ness merge other.sqlite --store .ness
      """)

  @Argument(help: "The other store: its directory or file.") var other: String
  @OptionGroup var options: StoreOptions

  func run() throws {
    let report: MergeReport
    do {
      let source = try OpenStores.open(other, .unchanged)
      let target = try OpenStores.open(options.store, provenance: .ofThisRun())
      report = try target.merge(source)
    } catch {
      throw error.end
    }
    switch options.format {
    case .json: Console.result(try report.json())
    case .text:
      Console.result(
        "\(report.added) new, \(report.replaced) better than here, \(report.kept) as good here already"
          + (report.damaged > 0 ? ", \(report.damaged) damaged there and left out" : ""))
    }
  }
}
