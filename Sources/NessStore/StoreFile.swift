import Foundation
import NessFiles
internal import GRDB

/// The file behind a store: its tables, how it is made, and how it is opened.
enum StoreFile {
  /// Marks a SQLite file as a store of Ness: the letters NESS.
  static let applicationID: Int32 = 0x4E45_5353

  /// The versions of the tables. What a version has made is never changed: a new one is added.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      try database.execute(
        sql: """
          PRAGMA application_id = \(applicationID);
          CREATE TABLE result (
            id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, title TEXT NOT NULL, quantity TEXT NOT NULL,
            parameters TEXT NOT NULL, value REAL, uncertainty REAL, stopReason TEXT, started TEXT NOT NULL,
            wallSeconds REAL NOT NULL, isFinished INTEGER NOT NULL, family TEXT, provenance TEXT NOT NULL,
            checksum INTEGER NOT NULL);
          CREATE INDEX resultByFamily ON result (family) WHERE family IS NOT NULL;
          CREATE INDEX resultByDate ON result (started);
          CREATE TABLE content (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL, payload TEXT, checksum INTEGER NOT NULL);
          CREATE TABLE piece (
            id INTEGER PRIMARY KEY, result INTEGER NOT NULL, number INTEGER NOT NULL, done REAL NOT NULL,
            updated TEXT NOT NULL, state BLOB NOT NULL, checksum INTEGER NOT NULL, UNIQUE (result, number));
          CREATE TABLE provenance (
            id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, ness TEXT NOT NULL, engine TEXT NOT NULL,
            machine TEXT NOT NULL, command TEXT NOT NULL, file TEXT, text TEXT);
          """)
    }
    // The hash of a piece says whose it is. States without that are given up; what is finished stays.
    migrator.registerMigration("2") { try $0.execute(sql: "DELETE FROM piece") }
    // Keys leave out what is at its default, and engines have versions of their own.
    migrator.registerMigration("3") { try KeyMigration.run($0) }
    return migrator
  }

  /// Makes a store, unless another process is faster. It is complete before it has its name.
  static func create(at path: String) throws {
    let scratch = try ScratchFolder(in: URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false))
    let temporary = "\(scratch.path)/new.sqlite"
    try makeEmpty(at: temporary)
    if link(temporary, path) == 0 || errno == EEXIST { return }
    // A file system without hard links.
    guard rename(temporary, path) == 0 else { throw SystemFault(code: errno) }
  }

  /// An empty store in a new file.
  ///
  /// - Parameter inOrder: its tables and indices are where SQLite puts them when it writes a file anew; stores of version 1
  ///   have them elsewhere until then.
  static func makeEmpty(at path: String, inOrder: Bool = true) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemFault(code: errno) }
    close(descriptor)
    var configuration = configuration
    configuration.journalMode = .wal
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try migrator.migrate(queue)
    if inOrder { try queue.vacuum() }
    try queue.close()
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.maximumReaderCount = 2
    configuration.label = "ness"
    return configuration
  }

  private static var readOnlyConfiguration: Configuration {
    var configuration = configuration
    configuration.readonly = true
    return configuration
  }

  /// Opens a store for reading and writing, and brings it to today's version.
  ///
  /// - Parameters:
  ///   - lock: of the store. An older one is changed only by who has it alone: a program that keeps results in it meanwhile
  ///     would go on under their former names. It is left as it is then.
  ///   - warn: told what an older store loses.
  /// - Throws: `MigrationHindrance` if an older store has to stay as it is.
  static func openForWriting(
    _ path: String, _ lock: StoreLock, _ warn: (String) -> Void
  ) throws -> any DatabaseWriter {
    try checkOwner(of: path)
    let pool = try DatabasePool(path: path, configuration: configuration)
    var versions = try checkVersion(of: pool, path)
    var tries = 0
    // Whoever has it alone may be bringing it to today's version.
    while isOlder(versions), !lock.takeAlone() {
      tries += 1
      guard tries < mostTries else { throw MigrationHindrance(reason: "another process has it open") }
      // Two who held on to their share would wait for each other.
      lock.release()
      usleep(.random(in: 20_000...80_000))
      versions = try checkVersion(of: pool, path)
    }
    if isOlder(versions) { try migrate(pool, from: versions, path, warn) }
    // What took hours must be on the disk when it is said to be kept, whatever happens to the power.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    return pool
  }

  /// Tries to have a store alone: two seconds.
  static let mostTries = 40

  private static func migrate(
    _ pool: DatabasePool, from versions: Set<String>, _ path: String, _ warn: (String) -> Void
  ) throws {
    let count = "SELECT count(DISTINCT result) FROM piece"
    let states = versions.contains("2") ? 0 : try pool.read { try Int.fetchOne($0, sql: count) } ?? 0
    do {
      try migrator.migrate(pool)
    } catch let error as DatabaseError where error.isLackOfSpace {
      throw MigrationHindrance(reason: error.message ?? error.resultCode.description)
    }
    if states > 0 {
      let what = "\(states) state\(states == 1 ? "" : "s") of unfinished work"
      warn("\(path): \(what) by an older Ness cannot be used any more")
    }
  }

  private static func isOlder(_ versions: Set<String>) -> Bool { !versions.isSuperset(of: migrator.migrations) }

  /// Whether a store is of an older version.
  static func isOlder(_ path: String) throws -> Bool {
    try checkOwner(of: path)
    let queue = try openUnchanged(path, readOnlyConfiguration).queue
    defer { try? queue.close() }
    return try isOlder(checkVersion(of: queue, path))
  }

  /// Opens a store that is not written. Of an older one that is a copy, brought to today's version, which SQLite keeps in a
  /// temporary file without a name.
  ///
  /// - Parameter salvaging: opens as much as is there of a damaged file, of whatever version.
  /// - Returns: the store, whether its latest writes, in the log beside it, cannot be read, and whether it is a copy.
  static func openForReading(
    _ path: String, salvaging: Bool = false
  ) throws -> (database: any DatabaseWriter, missesLog: Bool, isCopy: Bool) {
    var configuration = readOnlyConfiguration
    if salvaging {
      // Otherwise SQLite refuses a file that has become shorter.
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") }
    } else {
      try checkOwner(of: path)
    }
    let (queue, missesLog) = try openUnchanged(path, configuration)
    guard !salvaging, try isOlder(checkVersion(of: queue, path)) else { return (queue, missesLog, false) }
    defer { try? queue.close() }
    let copy = try DatabaseQueue(path: "", configuration: self.configuration)
    try queue.backup(to: copy)
    try migrator.migrate(copy)
    return (copy, missesLog, true)
  }

  private static func openUnchanged(
    _ path: String, _ configuration: Configuration
  ) throws -> (queue: DatabaseQueue, missesLog: Bool) {
    let hasLog = (size(of: "\(path)-wal") ?? 0) > 0
    // Reading a log needs files beside the store; without them SQLite has to be told that nobody writes to it.
    var allowed = CharacterSet.urlPathAllowed
    allowed.remove(charactersIn: "?#%")
    let alone = "file:\(path.addingPercentEncoding(withAllowedCharacters: allowed) ?? path)?immutable=1"
    let withLog = hasLog ? try? DatabaseQueue(path: path, configuration: configuration) : nil
    let queue = try withLog ?? DatabaseQueue(path: alone, configuration: configuration)
    return (queue, hasLog && withLog == nil)
  }

  /// Refuses files of other programs, by the first bytes, so that they are not touched.
  private static func checkOwner(of path: String) throws {
    let head = try readBytes(ofFile: path, atMost: 72)
    if head.count < 72 { throw EmptyFile() }
    guard head.starts(with: "SQLite format 3\0".utf8) else { return }
    if head[68...].reduce(0, { $0 << 8 | Int32($1) }) != applicationID {
      if isStore(path) { throw DamagedTables() }
      throw StoreError(
        path: path, reason: "it is a SQLite database, but no store of Ness", remedy: StoreError.otherDirectory)
    }
  }

  /// Whether a file has the tables of a store, whatever its mark says.
  private static func isStore(_ path: String) -> Bool {
    guard let queue = try? DatabaseQueue(path: path, configuration: readOnlyConfiguration) else { return false }
    defer { try? queue.close() }
    return (try? queue.read(layout) == own.get().layout) == true
  }

  /// Refuses stores of a later version.
  ///
  /// - Returns: the versions that the store has gone through.
  @discardableResult
  private static func checkVersion(of database: any DatabaseReader, _ path: String) throws -> Set<String> {
    let versions = try database.read(migrator.appliedIdentifiers)
    let known = migrator.migrations
    if !versions.contains("1") || versions.contains(where: { Int($0) == nil }) { throw DamagedTables() }
    if !versions.isSubset(of: known) {
      // A later version, or a damaged name of this one.
      if try !StoreSalvage.isConsistent(database) { throw DamagedTables() }
      throw StoreError(
        path: path, reason: "it was written by a later version of Ness",
        remedy: "use that version, or \(StoreError.otherDirectory)")
    }
    let (layout, places) = try database.read { (try self.layout(of: $0), try tables(of: $0)) }
    if try layout != own.get().layout { throw DamagedTables() }
    // Another SQLite may put them elsewhere; a damaged place is one where something else is.
    if try !own.get().places.contains(places), try !StoreSalvage.isConsistent(database) { throw DamagedTables() }
    return versions
  }

  /// Tables and indices as this version makes them, and their places in a file: in the order in which SQLite writes a file
  /// anew, or in that of version 1.
  private static let own = Result {
    let fresh = try DatabaseQueue()
    try migrator.migrate(fresh)
    let first = try fresh.read(tables)
    try fresh.vacuum()
    return (layout: try fresh.read(layout), places: [first, try fresh.read(tables)])
  }

  /// The tables and indices without their places in the file.
  private static func layout(of database: Database) throws -> Set<String> {
    try description(database, "type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '')")
  }

  /// The tables and indices with their places in the file.
  static func tables(of database: Database) throws -> Set<String> {
    try description(database, "type || ' ' || name || ' ' || rootpage || ' ' || coalesce(sql, '')")
  }

  private static func description(_ database: Database, _ columns: String) throws -> Set<String> {
    try Set(String.fetchAll(database, sql: "SELECT \(columns) FROM sqlite_schema"))
  }

  /// Size of a file [bytes]; nil if there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Whether there is a file. What is no file is refused: opened, a pipe would wait for ever.
  static func isThere(_ path: String) throws -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return true
    case S_IFDIR: throw SystemFault(code: EISDIR)
    default:
      throw StoreError(path: path, reason: "it is a pipe or a device, no file", remedy: StoreError.otherDirectory)
    }
  }

  /// Writes the file anew where more than half of it is free; nobody else has it open. It is the old or the new one, whenever
  /// this ends.
  static func giveSpaceBack(_ database: any DatabaseWriter) {
    // A file that is larger than it need be is no fault.
    try? database.writeWithoutTransaction { database in
      let free = try Int.fetchOne(database, sql: "PRAGMA freelist_count") ?? 0
      let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
      if free > leastFreePages && 2 * free > pages && pages - free < mostPagesToCopy {
        try database.execute(sql: "VACUUM")
      }
    }
  }

  private static let leastFreePages = 256
  /// A gigabyte.
  private static let mostPagesToCopy = 1 << 18

  /// Removes what SQLite has put beside a file.
  static func removeLog(of path: String) { for part in parts where !part.isEmpty { unlink(path + part) } }

  /// What SQLite puts beside a file.
  static let parts = ["", "-wal", "-shm"]
}
