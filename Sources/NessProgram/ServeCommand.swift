import ArgumentParser
import Foundation
import NessCommand
import NessExplorer
import NessModel

/// `ness serve`: the explorer in the browser.
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explore in the browser: sliders, exact theory at once, simulation with shrinking error bars.",
    discussion: """
      Opens a page on this machine that needs nothing from outside. The address is printed when the page is ready. Ctrl-C ends the \
      server; what simulations measured is kept. Stored results are shown, and results of the page are stored. Only this machine \
      can reach the page, unless --host says otherwise. The address holds a token, new at every start: requests without it are \
      refused, also from other users of this machine. --no-token lets in everybody who can reach the port.

      EXAMPLES
        ness serve
        ness serve --port 0            any free port
        ness serve --store results     the results of another directory

      API
        /api/openapi.json describes what the page asks for; other programs may ask
        too, with the token of the address:
        curl -H "Authorization: Bearer TOKEN" --data-binary @mine.yaml \\
          http://127.0.0.1:8765/api/theory
      """)

  @Option(help: "Port to listen on; 0 for any that is free.") var port = 8765
  @Option(help: ArgumentHelp("Address to listen on.", valueName: "address")) var host = "127.0.0.1"
  @Option(help: ArgumentHelp("Where results are kept and looked up.", valueName: "directory")) var store = ".ness"
  @Option(help: "Threads of a simulation; its results do not depend on it. (default: all cores)") var threads: Int?

  @Flag(name: .customLong("no-token"), help: "Let everybody in who can reach the port, without a token.") var noToken =
    false
  @Flag(name: .customLong("worker"), help: .hidden) var isWorker = false
  /// Another program, a notebook, shows the page within its own and ends the server by ending its input.
  @Flag(name: .customLong("framed"), help: .hidden) var isFramed = false

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port \(port): expected a number from 0 to 65535") }
  }

  func run() async throws {
    var shared = SharedOptions()
    shared.store = store
    shared.threads = threads
    let options = shared
    if isWorker {
      var worker = ExplorerWorker(threads: try options.threadCount()) { try options.openStore() }
      return worker.work()
    }
    Interrupt.listen()
    if isFramed {
      Thread.detachNewThread {
        StandardStreams.readLines { _ in }
        kill(getpid(), SIGTERM)
      }
    }
    if noToken {
      Console.note(
        "warning: everybody who can reach \(host) on this port, other users of this machine too, may start simulations "
          + "and see the store")
    } else if !["127.0.0.1", "localhost", "::1"].contains(host) {
      Console.note(
        "warning: everybody on the network who knows the address with its token may start simulations and see the store, "
          + "and what is sent is not encrypted")
    }
    let threads = try options.threadCount()
    do {
      var settings = Explorer.Settings(
        host: host, port: port, threads: threads, version: nessVersion, storeDirectory: store,
        openStore: { try options.openStore($0, untilTheEnd: false) }, shouldStop: { Interrupt.requested },
        worker: [Self.program, "serve", "--worker", "--store", store, "--threads", "\(threads)"],
        token: noToken ? nil : AccessToken())
      settings.isFramed = isFramed
      try await Explorer(settings).serve { address in
        Console.result(address)
        Console.note("open this address in a browser; Ctrl-C ends the server")
      }
    } catch let fault as ExplorerFault {
      throw Failure(message: "\(fault)", status: 1)
    }
  }

  /// This very program, even if another was built in its place meanwhile.
  private static var program: String {
    #if os(Linux)
      "/proc/self/exe"
    #else
      Bundle.main.executablePath ?? CommandLine.arguments[0]
    #endif
  }
}
