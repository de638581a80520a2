import Foundation

/// A file of series that grows while a run goes on, at last an archive of NumPy arrays (`.npz`) of the shape [replicas, samples,
/// numbers] each. Equal series give equal bytes.
///
/// Until then it is `PATH.part`, in which every sample is already in its last place: nothing is kept in memory, and the disk holds
/// it once. Whoever writes the same series again finds what was written before.
package final class SeriesFile: Sendable {
  /// What the file holds.
  package struct Content: Sendable {
    /// Names of the series, and the numbers of a sample of one replica.
    package let series: [(name: String, width: Int)]
    package let replicas: Int
    /// Most samples.
    package let samples: Int
    /// A text that says all that the numbers depend on, and what they mean: the member `about.json`.
    package let about: Data

    package init(series: [(name: String, width: Int)], replicas: Int, samples: Int, about: Data) {
      (self.series, self.replicas, self.samples, self.about) = (series, replicas, samples, about)
    }

    /// Size of the file, roughly [bytes].
    package var bytes: Double {
      8 * Double(samples) * (Double(replicas) * series.reduce(0) { $0 + Double($1.width) } + 1) + 4096
        + Double(about.count)
    }
  }

  /// Largest file [bytes].
  package static let mostBytes = Double(ZipEntry.mostBytes)

  /// Where the finished file will be.
  package let path: String
  /// Tells this file from any other of the same content: it is lost with the file.
  package let token: UInt64
  private let content: Content
  private let descriptor: Int32
  private let layout: Layout
  private let lock = NSLock()
  // All access is under the lock.
  nonisolated(unsafe) private var fault: OutputError?

  /// Where the parts of the file are for some number of samples.
  private struct Layout {
    /// Of every series, where its local header and where its numbers begin.
    var starts: [(header: Int, numbers: Int)] = []
    var end: Int
    let samples: Int

    init(_ content: Content, samples: Int) {
      self.samples = samples
      end = Self.head(content).count
      for series in content.series {
        let header = Self.headers(series, content.replicas, samples, check: 0, offset: end)
        starts.append((end, end + header.entry.localHeader.count + header.array.count))
        end = starts[starts.count - 1].numbers + 8 * content.replicas * samples * series.width
      }
    }

    /// The first member: it says what the file is.
    static func head(_ content: Content) -> Data { aboutEntry(content).localHeader + content.about }

    static func aboutEntry(_ content: Content) -> ZipEntry {
      ZipEntry(
        name: "about.json", bytes: content.about.count, check: cyclicRedundancyCheck(content.about), offset: 0)
    }

    static func headers(
      _ series: (name: String, width: Int), _ replicas: Int, _ samples: Int, check: UInt32, offset: Int
    ) -> (entry: ZipEntry, array: Data) {
      let array = NumPyArchive.header(type: "<f8", shape: [replicas, samples, series.width])
      let bytes = array.count + 8 * replicas * samples * series.width
      return (ZipEntry(name: "\(series.name).npy", bytes: bytes, check: check, offset: offset), array)
    }

    func place(_ series: Int, replica: Int, sample: Int, _ content: Content) -> Int {
      starts[series].numbers + 8 * (replica * samples + sample) * content.series[series].width
    }
  }

  /// The file as far as it was written before, or an empty one.
  package init(_ path: String, _ content: Content) throws(OutputError) {
    self.path = path
    self.content = content
    layout = Layout(content, samples: content.samples)
    let part = Self.part(path)
    do throws(SystemFault) {
      descriptor = open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw SystemFault(code: errno) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { throw SystemFault(code: EBUSY) }
      // As long as the file is not finished, its first bytes are the token, and not those of an archive.
      let head = Layout.head(content)
      let found = Self.read(descriptor, at: 0, count: head.count)
      let known = found.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let isKnown = found.dropFirst(8) == head.dropFirst(8) && lseek(descriptor, 0, SEEK_END) >= off_t(layout.end)
      if isKnown, known != 0, found != head {
        token = known
      } else {
        token = UInt64.random(in: 1 << 32 ... .max)
        guard ftruncate(descriptor, 0) == 0, ftruncate(descriptor, off_t(layout.end)) == 0 else {
          let code = errno
          unlink(part)
          throw SystemFault(code: code)
        }
        var bytes = Data()
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: token >> (8 * UInt64(byte)))) }
        try Self.put(bytes + head.dropFirst(8), descriptor, at: 0)
      }
    } catch {
      throw OutputError(part, error)
    }
  }

  deinit { close(descriptor) }

  private static func part(_ path: String) -> String { "\(path).part" }

  /// Whether a path leads to a finished file of the same content.
  package static func isFinished(_ path: String, _ content: Content) -> Bool {
    let head = Layout.head(content)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return read(descriptor, at: 0, count: head.count) == head
  }

  /// Why something could not be written; nil if all was.
  package var failure: OutputError? { lock.withLock { fault } }

  private func fail(_ error: SystemFault) {
    lock.withLock { if fault == nil { fault = OutputError(Self.part(path), error) } }
  }

  /// Writes samples of one series of one replica; after a failure nothing.
  package func write(_ values: UnsafeBufferPointer<Double>, series: Int, replica: Int, sample: Int) {
    if failure != nil { return }
    let place = layout.place(series, replica: replica, sample: sample, content)
    do throws(SystemFault) { try Self.put(UnsafeRawBufferPointer(values), descriptor, at: place) } catch { fail(error) }
  }

  /// Returns when what was written is on the disk.
  package func sync() {
    if failure == nil, fsync(descriptor) != 0 { fail(SystemFault(code: errno)) }
  }

  /// Makes the file of what was written: an archive with `samples` samples of every replica, and what says more about them.
  ///
  /// - Parameters:
  ///   - samples: at most those of the content.
  ///   - interval: time between two samples [time].
  ///   - labels: what the numbers of a sample are of, by name: names, or whole numbers.
  package func finish(samples: Int, interval: Double, labels: [(name: String, texts: [String])]) throws(OutputError) {
    if let failure { throw failure }
    do throws(SystemFault) {
      let final = Layout(content, samples: samples)
      if samples < content.samples { try compact(to: final) }
      var entries = [Layout.aboutEntry(content)]
      for (index, series) in content.series.enumerated() {
        let offset = final.starts[index].header
        var sum = CyclicRedundancySum()
        let array = Layout.headers(series, content.replicas, samples, check: 0, offset: offset).array
        array.withUnsafeBytes { sum.add($0) }
        try pass(final.starts[index].numbers, 8 * content.replicas * samples * series.width) { sum.add($0) }
        let (entry, header) = Layout.headers(series, content.replicas, samples, check: sum.value, offset: offset)
        try Self.put(entry.localHeader + header, descriptor, at: offset)
        entries.append(entry)
      }
      try end(final, entries, samples, interval, labels)
      guard fsync(descriptor) == 0 else { throw SystemFault(code: errno) }
      // The last step but one: from here on it is an archive.
      try Self.put(Layout.head(content), descriptor, at: 0)
      guard fsync(descriptor) == 0, rename(Self.part(path), path) == 0 else { throw SystemFault(code: errno) }
    } catch {
      throw OutputError(path, error)
    }
  }

  /// The small members, the directory and the end.
  private func end(
    _ final: Layout, _ known: [ZipEntry], _ samples: Int, _ interval: Double,
    _ labels: [(name: String, texts: [String])]
  ) throws(SystemFault) {
    var (entries, bytes) = (known, Data())
    func add(_ name: String, _ member: Data) {
      let entry = ZipEntry(
        name: "\(name).npy", bytes: member.count, check: cyclicRedundancyCheck(member), offset: final.end + bytes.count)
      bytes += entry.localHeader + member
      entries.append(entry)
    }
    add("time", NumPyArchive.member(numbers: (0..<samples).map { interval * Double($0 + 1) }))
    for label in labels {
      let numbers = label.texts.compactMap { Int64($0) }
      let isOfNumbers = numbers.count == label.texts.count
      add(
        label.name,
        isOfNumbers ? NumPyArchive.member(wholeNumbers: numbers) : NumPyArchive.member(texts: label.texts))
    }
    let offset = final.end + bytes.count
    let directory = entries.reduce(into: Data()) { $0 += $1.directoryHeader }
    bytes += directory + ZipEntry.end(count: entries.count, directoryBytes: directory.count, offset: offset)
    try Self.put(bytes, descriptor, at: final.end)
    guard ftruncate(descriptor, off_t(final.end + bytes.count)) == 0 else { throw SystemFault(code: errno) }
  }

  /// Brings the samples together where there are fewer than there was place for.
  private func compact(to final: Layout) throws(SystemFault) {
    // Killed from here on it is of no use to go on from: it would not be known how far this came.
    try Self.put(Data(count: 8), descriptor, at: 0)
    for (index, series) in content.series.enumerated() {
      for replica in 0..<content.replicas {
        var target = final.place(index, replica: replica, sample: 0, content)
        try pass(
          layout.place(index, replica: replica, sample: 0, content), 8 * final.samples * series.width
        ) { bytes throws(SystemFault) in
          try Self.put(bytes, descriptor, at: target)
          target += bytes.count
        }
      }
    }
  }

  /// Reads a part of the file piece by piece.
  private func pass(
    _ start: Int, _ count: Int, _ body: (UnsafeRawBufferPointer) throws(SystemFault) -> Void
  ) throws(SystemFault) {
    var done = 0
    while done < count {
      let bytes = Self.read(descriptor, at: start + done, count: min(1 << 22, count - done))
      guard !bytes.isEmpty else { throw SystemFault(code: EIO) }
      done += bytes.count
      var failure: SystemFault?
      bytes.withUnsafeBytes { piece in do throws(SystemFault) { try body(piece) } catch { failure = error } }
      if let failure { throw failure }
    }
  }

  /// Gives up what was written.
  package func discard() { unlink(Self.part(path)) }

  private static func read(_ descriptor: Int32, at place: Int, count: Int) -> Data {
    var bytes = Data(count: count)
    let found = bytes.withUnsafeMutableBytes { buffer -> Int in
      var done = 0
      while done < count {
        let count = pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(place + done))
        if count < 0, errno == EINTR { continue }
        if count <= 0 { break }
        done += count
      }
      return done
    }
    return bytes.prefix(found)
  }

  private static func put(_ bytes: Data, _ descriptor: Int32, at place: Int) throws(SystemFault) {
    var failure: SystemFault?
    bytes.withUnsafeBytes { buffer in
      do throws(SystemFault) { try put(buffer, descriptor, at: place) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private static func put(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32, at place: Int) throws(SystemFault) {
    var done = 0
    while done < bytes.count {
      let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemFault(code: count == 0 ? ENOSPC : errno) }
      done += count
    }
  }
}
