import ArgumentParser
import Foundation
import NessExplorer
import NessRecord

/// `ness serve`: the explorer in the browser.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explore in the browser: sliders, exact theory at once, simulation with shrinking error bars.",
    discussion: """
      Opens a page on this machine that needs nothing from outside. Its address is printed when it is ready; Ctrl-C ends the
      server, and simulations keep what they measured. Stored results are shown, and results of the page are stored.
      Only this machine can reach it, unless --host says otherwise: then anybody on that network can start simulations.

      EXAMPLES
        ness serve
        ness serve --port 0            any free port
        ness serve --store results     the results of another directory

      API
        /api/openapi.json describes what the page asks for; other programs may ask too.
      """)

  @Option(help: "Port to listen on; 0 for any that is free.") var port = 8765
  @Option(help: ArgumentHelp("Address to listen on.", valueName: "address")) var host = "127.0.0.1"
  @Option(help: ArgumentHelp("Where results are kept and looked up.", valueName: "directory")) var store = ".ness"
  @Option(help: "Threads of a simulation; its results do not depend on it. (default: all cores)") var threads: Int?

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port \(port): expected a number from 0 to 65535") }
  }

  func run() async throws {
    var shared = SharedOptions()
    shared.store = store
    shared.threads = threads
    let options = shared
    Interrupt.listen()
    if !["127.0.0.1", "localhost", "::1"].contains(host) {
      Console.note("warning: everybody who can reach \(host) on this port may start simulations and see the store")
    }
    do {
      let explorer = try Explorer(
        Explorer.Surroundings(
          host: host, port: port, threads: try options.threadCount(), version: nessVersion, storeDirectory: store,
          openStore: { try options.openStore($0) }, shouldStop: { Interrupt.requested }))
      try await explorer.serve { address in
        Console.result(address)
        Console.note("open this address in a browser; Ctrl-C ends the server")
      }
    } catch let fault as ExplorerFault {
      throw Failure(message: "\(fault)", status: 1)
    }
  }
}
