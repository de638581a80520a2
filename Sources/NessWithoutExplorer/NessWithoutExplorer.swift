import ArgumentParser
import NessCommand

/// All of `ness` but the explorer, whose server is two fifths of the build: `make run` shows the first
/// figure with it and builds the rest after that.
@main
struct NessWithoutExplorer: CommandLineProgram {
  static var serve: any ParsableCommand.Type { ServeElsewhere.self }
}

/// Says where the explorer is.
struct ServeElsewhere: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "serve", abstract: "Not in this program: make build")

  @Argument(parsing: .captureForPassthrough, help: .hidden) var words: [String] = []

  func run() throws {
    throw Failure(
      message: "this program was built without the explorer; `make build` builds it, then .build/release/ness serve",
      status: 1)
  }
}
