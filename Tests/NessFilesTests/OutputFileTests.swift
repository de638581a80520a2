import Foundation
import NessFiles
import NessTestSupport
import Testing

/// What a command writes goes where its path leads, whole or not at all, and nothing else changes.
@Suite struct OutputFileTests {
  private let directory: TemporaryDirectory
  private let bytes = Data("new\n".utf8)

  init() throws { directory = try TemporaryDirectory() }

  private func path(_ name: String) -> String { "\(directory.path)/\(name)" }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

  private func status(_ name: String) -> stat {
    var status = stat()
    lstat(path(name), &status)
    return status
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
  }

  @Test func aNewFileAndItsDirectoryAreMade() throws {
    let file = OutputFile(path("a/b/new.csv"))
    try file.prepare()
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("a/b")).isEmpty)
    try file.write(bytes)
    #expect(try text("a/b/new.csv") == "new\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: path("a/b")) == ["new.csv"])
  }

  @Test func aFileKeepsItsMode() throws {
    let file = OutputFile(try directory.write("old", "old and longer".utf8))
    chmod(path("old"), 0o640)
    let before = status("old")
    try file.prepare()
    #expect(try text("old") == "old and longer")
    try file.write(bytes)
    #expect(try text("old") == "new\n" && status("old").st_mode == before.st_mode)
    // Whoever had opened the old one still reads all of it.
    #expect(status("old").st_ino != before.st_ino)
  }

  /// Links to a file, to a link, to nothing yet, and with a path that begins where the link is.
  @Test func linksAreFollowed() throws {
    try FileManager.default.createDirectory(atPath: path("data"), withIntermediateDirectories: true)
    _ = try directory.write("data/there", "old".utf8)
    for (link, target) in [("one", "data/there"), ("two", path("one")), ("three", "data/not-yet")] {
      symlink(target, path(link))
      let file = OutputFile(path(link))
      try file.prepare()
      try file.write(Data(link.utf8))
      #expect(status(link).st_mode & S_IFMT == S_IFLNK)
      #expect(try text(link) == link)
    }
    #expect(try text("data/there") == "two" && text("data/not-yet") == "three")
    symlink("round", path("round"))
    let error = #expect(throws: OutputError.self) { try OutputFile(path("round")).prepare() }
    #expect(error?.description.contains("symbolic links") == true)
  }

  @Test func aFileOfTwoNamesKeepsBoth() throws {
    _ = try directory.write("first", "an old text".utf8)
    link(path("first"), path("second"))
    try OutputFile(path("first")).write(bytes)
    #expect(try text("second") == "new\n" && names() == ["first", "second"])
  }

  @Test func whatIsNoFileIsWrittenInto() throws {
    mkfifo(path("pipe"), 0o600)
    let reader = open(path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let pipe = OutputFile(path("pipe"))
    try pipe.prepare()
    try pipe.write(bytes)
    var buffer = [UInt8](repeating: 0, count: 10)
    #expect(read(reader, &buffer, 10) == bytes.count && Data(buffer[..<bytes.count]) == bytes)
    #expect(status("pipe").st_mode & S_IFMT == S_IFIFO)
    symlink("/dev/null", path("null"))
    try OutputFile(path("null")).write(bytes)
    var device = stat()
    #expect(stat("/dev/null", &device) == 0 && device.st_mode & S_IFMT == S_IFCHR)
    if access("/dev/full", W_OK) == 0 {
      let error = #expect(throws: OutputError.self) { try OutputFile("/dev/full").write(bytes) }
      #expect(error?.description == "cannot write /dev/full: No space left on device")
    }
  }

  @Test func anOpenDescriptorIsGoneOnWith() throws {
    let descriptor = open(path("log"), O_WRONLY | O_CREAT, 0o600)
    defer { close(descriptor) }
    try writeAll(Data("first\n".utf8), to: descriptor)
    let file = OutputFile("/dev/fd/\(descriptor)")
    try file.prepare()
    try file.write(bytes)
    #expect(try text("log") == "first\nnew\n")
    #expect(throws: OutputError.self) { try OutputFile("/dev/fd/987").prepare() }
  }

  @Test func whatCannotBeWrittenIsSaidBefore() throws {
    _ = try directory.write("file", "x".utf8)
    for name in ["", "file/below", "folder/"] {
      #expect(throws: OutputError.self) { try OutputFile(name.isEmpty ? "" : path(name)).prepare() }
    }
    let error = #expect(throws: OutputError.self) { try OutputFile(directory.path).prepare() }
    #expect(error?.description == "cannot write \(directory.path): Is a directory")
    #expect(try names() == ["file"])
  }

  @Test func foldersOfDeadProcessesAreRemovedAndNoOthers() throws {
    let own = try ScratchFolder(in: directory.path)
    try FileManager.default.createDirectory(atPath: path(".ness-work-dead/deep"), withIntermediateDirectories: true)
    var second: ScratchFolder? = try ScratchFolder(in: directory.path)
    #expect(try names().count == 2)
    #expect(FileManager.default.fileExists(atPath: own.path))
    #expect(second.map { FileManager.default.fileExists(atPath: $0.path) } == true)
    second = nil
    #expect(try names().count == 1)
    withExtendedLifetime(own) {}
  }

  /// The words come back from a real shell as they were.
  @Test func wordsAreQuotedAsAShellReadsThem() throws {
    let words = ["plain-1.yaml", "my dir's", "", "a\nb", "$HOME `x` \"y\" \\", "*?[a] ~ #;&|<>(){}!", "τ", "~", "-x"]
    let shell = Process()
    let output = Pipe()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "printf '%s\\0' \(shellCommand(words))"]
    shell.standardOutput = output
    try shell.run()
    let found = output.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    #expect(found == Data(words.joined(separator: "\0").utf8) + [0])
    #expect(shellQuoted("runs/a-1.yaml") == "runs/a-1.yaml" && shellQuoted("my dir's") == "'my dir'\\''s'")
  }
}
