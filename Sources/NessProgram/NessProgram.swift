import ArgumentParser
import NessCommand

/// The program `ness`.
@main
struct NessProgram: CommandLineProgram {
  static var serve: any ParsableCommand.Type { Serve.self }
}
