import Foundation
import NessTestSupport
import Testing

@Suite("A session with another program")
struct SessionCommandTests {
  private static let study = """
    medium: {kind: chain, sites: 4, pinning: 1.0}
    baths:
      left: {kind: langevin, temperature: 2.0, friction: 1.0}
      right: {kind: langevin, temperature: 1.0, friction: 1.0}
    run: {duration: 50.0, replicas: 8}
    """

  /// A line that the session has written, and the bytes after it.
  private struct Line {
    let head: [String: Any]
    let body: Data

    var number: Int? { head["id"] as? Int }
    var isDone: Bool { head["done"] as? Bool == true }
    var failure: [String: Any]? { head["failed"] as? [String: Any] }
  }

  /// Keeps the input open until so many requests are answered, or the session has ended. The output is there before it is
  /// looked into.
  private static func waiting(for count: Int) -> String {
    """
    mkfifo input; : >output; "$0" "$@" <input >>output & exec 3>input; cat requests >&3
    while [ "$(grep -ac '"done": true' output)" -lt \(count) ] && kill -0 $! 2>/dev/null; do sleep 0.1; done
    exec 3>&-; wait $!; status=$?; cat output; exit $status
    """
  }

  /// What a session answers to requests, once it has ended with them.
  ///
  /// - Parameter awaited: how many answers are waited for before its input ends.
  private static func answers(
    to requests: [[String: Any]], awaited: Int = 0, in folder: Workplace
  ) throws -> [Line] {
    var input = Data()
    for request in requests { input += try JSONSerialization.data(withJSONObject: request) + [UInt8(ascii: "\n")] }
    try input.write(to: folder.folder.appending(path: "requests"))
    let outcome = try Program.run(["session"], in: folder, throughShell: waiting(for: awaited))
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    var lines: [Line] = []
    var rest = outcome.output[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let head = try #require(try JSONSerialization.jsonObject(with: rest[..<end]) as? [String: Any])
      rest = rest[(end + 1)...]
      let length = head["length"] as? Int ?? 0
      lines.append(Line(head: head, body: rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return lines
  }

  @Test("answers are the bytes of the commands, each under the number of its request")
  func bytes() throws {
    let folder = try Workplace()
    let file = folder.folder.appending(path: "study.yaml")
    try Data(Self.study.utf8).write(to: file)
    let requests: [[String: Any]] = [
      ["id": 1, "ask": "theory", "file": file.path],
      ["id": 2, "ask": "theory", "text": Self.study, "name": "study"],
      ["id": 3, "ask": "theory", "text": Self.study, "changes": [["medium.sites", 5], ["run.seed", 2]]],
      ["id": 4, "ask": "check", "text": Self.study, "changes": [["medium.site", 5]]],
      ["id": 5, "ask": "about"],
      ["id": 6, "ask": "dance"],
      ["ask": "about"],
    ]
    let lines = try Self.answers(to: requests, awaited: 5, in: folder)
    let done = Dictionary(grouping: lines.filter(\.isDone)) { $0.number ?? 0 }
    let theory = try Program.run(["theory", "study.yaml", "--format", "json"], in: folder).output
    #expect(done[1]?.first?.body == theory && done[2]?.first?.body == theory)
    let changed = Self.study.replacing("sites: 4", with: "sites: 5").replacing(
      "replicas: 8", with: "replicas: 8, seed: 2")
    try Data(changed.utf8).write(to: file)
    #expect(try done[3]?.first?.body == Program.run(["theory", "study.yaml", "--format", "json"], in: folder).output)
    let faults = try #require(done[4]?.first?.failure?["faults"] as? [[String: Any]])
    #expect(
      faults.map { $0["key"] as? String } == ["medium.site"]
        && faults[0]["remedy"] as? String == "did you mean medium.sites?")
    #expect(done[5]?.first?.failure == nil && done[5]?.first?.body.isEmpty == false)
    // What is no request is told, and ends nothing.
    #expect(lines.filter { $0.failure?["kind"] as? String == "unusable" && $0.number == 0 }.count == 2)
    #expect(done.values.allSatisfy { $0.count == 1 })
  }

  @Test("a device is that of the command; what cannot be one is told")
  func devices() throws {
    let folder = try Workplace()
    try Data(Self.study.utf8).write(to: folder.folder.appending(path: "study.yaml"))
    let store = folder.folder.appending(path: "store").path
    func ask(_ device: [String: String], theory: Bool = true) -> [String: Any] {
      [
        "ask": "device", "text": Self.study, "name": "study", "device": device, "theoryAlone": theory, "store": store,
        "threads": 1,
      ]
    }
    let requests = [
      ask(["kind": "conductivity"]), ask(["kind": "diode"], theory: false), ask(["kind": "triode"]),
      ask(["kind": "transistor"]), ask([:]),
      ask(["kind": "diode", "base": "left"]),
    ].enumerated().map { $1.merging(["id": $0 + 1]) { $1 } }
    let lines = try Self.answers(to: requests, awaited: 6, in: folder)
    let done = Dictionary(grouping: lines.filter(\.isDone)) { $0.number ?? 0 }
    let theory = ["device", "conductivity", "study.yaml", "--theory", "--format", "json"]
    #expect(try done[1]?.first?.body == Program.run(theory, in: folder).output)
    let run = ["device", "diode", "study.yaml", "--store", "store", "--quiet", "--format", "json"]
    #expect(try done[2]?.first?.body == Program.run(run, in: folder).output)
    for (number, words) in [
      (3, "expected diode"), (4, "three baths"), (5, "names no device"), (6, "only a transistor"),
    ] {
      let failure = try #require(done[number]?.first?.failure)
      #expect(
        failure["kind"] as? String == "unusable" && (failure["message"] as? String)?.contains(words) == true,
        "\(failure)")
    }
  }

  @Test("a run that is cancelled, or whose input ends, stops and keeps what it measured")
  func cancelled() throws {
    let long: [String: Any] = [
      "ask": "run", "text": Self.study, "changes": [["run.duration", 1e9]],

    ]
    for requests: [[String: Any]] in [
      [long.merging(["id": 1]) { $1 }, ["cancel": 1]], [long.merging(["id": 1]) { $1 }],
    ] {
      // The input ends at once: the session must not wait for the run.
      let folder = try Workplace()
      let last = try #require(try Self.answers(to: requests, in: folder).last)
      #expect(last.isDone && last.number == 1)
      let wasEarly = last.failure?["kind"] as? String == "interrupted"
      let document = try? JSONSerialization.jsonObject(with: last.body) as? [String: Any]
      #expect(wasEarly || document?["interrupted"] as? Bool == true)
    }
  }
}
