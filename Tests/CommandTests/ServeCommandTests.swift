import Foundation
import Testing

@Suite("ness serve", .serialized)
struct ServeCommandTests {
  /// A running server.
  private struct Server {
    let place: Workplace
    let program: Program.Running
    let port: Int

    init(_ arguments: [String] = []) throws {
      place = try Workplace()
      program = try Program.Running(["serve", "--port", "0"] + arguments, in: place)
      var address: String?
      for _ in 0..<600 where address == nil && program.isRunning {
        usleep(50000)
        address = try program.outputSoFar().split(separator: "\n").first.map(String.init)
      }
      port = try #require(address.flatMap { URL(string: $0)?.port })
    }

    func ask(
      _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
    ) throws -> HTTPExchange.Answer {
      try HTTPExchange.ask(method, path, port: port, body: body, headers: headers)
    }

    /// Ends it as a user would.
    func end() throws -> Program.Outcome {
      program.interrupt()
      return try program.outcome()
    }
  }

  private static func preset(_ name: String) throws -> String {
    let file = Program.root.appending(path: "Sources/NessExplorer/Presets/\(name).yaml")
    return try String(contentsOf: file, encoding: .utf8)
  }

  @Test("The page, theory as ness theory gives it, faults at their keys; Ctrl-C ends it with status 0")
  func answers() throws {
    let server = try Server()
    let page = try server.ask("GET", "/")
    #expect(page.status == 200 && page.text.contains("<title>"))
    #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'self'") == true)
    let file = try Self.preset("3-langevin-chain")
    try server.place.write("chain.yaml", file)
    let printed = try Program.run(["theory", "chain.yaml", "--no-profile", "--format", "json"], in: server.place)
    let served = try server.ask("POST", "/api/theory", file)
    #expect(served.status == 200)
    #expect(try JSONDecoder().decode(PrintedDocument.self, from: served.body) == printed.document())
    let filtered = try server.ask("POST", "/api/theory?quantities=heatFrom", file).text
    #expect(filtered.contains("heatFrom.left") && !filtered.contains("\"heatCurrent\""))
    let wrong = try server.ask("POST", "/api/theory", file.replacing("sites: 16", with: "sites: none"))
    let faults = try #require(wrong.json["faults"] as? [[String: Any]])
    #expect(wrong.status == 422 && faults.first?["key"] as? String == "medium.sites")
    #expect(try server.end().status == 0)
  }

  @Test("A simulation streams points whose error bars shrink, is stopped, and is in the store; the same one goes on")
  func runs() throws {
    let server = try Server(["--threads", "1"])
    let file = SampleText.long.replacing("duration: 1500.0", with: "targetError: 1e-5")
    let started = try server.ask("POST", "/api/runs", file)
    let name = try #require(started.json["id"] as? String)
    #expect(started.status == 202)
    let stream = try HTTPExchange(port: server.port)
    try stream.send(Data("GET /api/runs/\(name)/events HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
    var received = ""
    var errors: [Double] = []
    while errors.count < 3 || errors.last! > 0.7 * errors[0] {
      received += String(decoding: try stream.receive(), as: UTF8.self)
      let snapshots = received.components(separatedBy: "data: ").dropFirst().dropLast()
      errors = snapshots.compactMap { text in
        let json = (try? JSONSerialization.jsonObject(with: Data(text.prefix { $0 != "\n" }.utf8))) as? [String: Any]
        let point = (json?["points"] as? [[String: Any]])?.first
        let current = (point?["estimates"] as? [[String: Any]])?.first { $0["quantity"] as? String == "heatCurrent" }
        return current?["uncertainty"] as? Double
      }
    }
    #expect(errors.allSatisfy { $0 > 0 })
    #expect(try server.ask("DELETE", "/api/runs/\(name)").status == 409)
    #expect(try server.ask("POST", "/api/runs/\(name)/stop").status == 202)
    while !received.contains("event: end") { received += String(decoding: try stream.receive(), as: UTF8.self) }
    #expect(received.contains("\"state\": \"stopped\""))
    let studies = try #require(server.ask("GET", "/api/studies").json["studies"] as? [[String: Any]])
    let study = try #require(studies.first?["id"] as? String)
    let detail = try server.ask("GET", "/api/studies/\(study)").json
    #expect((detail["file"] as? String)?.contains("targetError") == true)
    #expect(
      (detail["provenance"] as? [[String: Any]])?.first?["command"] as? String == "ness serve --port 0 --threads 1")
    #expect(try server.ask("DELETE", "/api/runs/\(name)").status == 204)
    #expect(try server.ask("GET", "/api/runs/\(name)").status == 404)
    _ = try server.ask("POST", "/api/runs", file)
    // A run in work does not keep the server from ending, and keeps its state.
    #expect(try server.end().status == 0)
    let list = try Program.run(["list"], in: server.place)
    #expect(list.status == 0 && list.text.contains("Long"), "\(list.text)")
  }

  @Test("Foreign pages, other names, paths upwards, wrong methods and monstrous requests are turned away; it goes on")
  func hostile() throws {
    let server = try Server()
    let file = try Self.preset("3-langevin-chain")
    #expect(try server.ask("GET", "/", headers: ["Host": "evil.example"]).status == 403)
    #expect(try server.ask("POST", "/api/runs", file, headers: ["Origin": "http://evil.example"]).status == 403)
    #expect(
      try server.ask("POST", "/api/theory", file, headers: ["Origin": "http://127.0.0.1:\(server.port)"]).status == 200)
    for path in [
      "/../../etc/passwd", "/assets/../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/assets//etc/passwd",
    ] {
      let answer = try server.ask("GET", path)
      #expect([400, 404].contains(answer.status) && !answer.text.contains("root:"), "\(path): \(answer.status)")
    }
    #expect(try server.ask("PUT", "/api/theory", file).headers["allow"] == "POST")
    #expect(try server.ask("POST", "/api/theory", String(repeating: "#", count: 70000)).status == 413)
    #expect(try server.ask("POST", "/api/theory", "medium: " + String(repeating: "[", count: 60000)).status == 422)
    #expect(try server.ask("POST", "/api/theory", "baths: {left: {file: /etc/passwd}}").status == 422)
    // Nothing that the protocol knows; a head without end; a body that is promised and never comes.
    for text in ["\u{1}\u{2}\r\n\r\n", "GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 40000)] {
      let exchange = try HTTPExchange(port: server.port)
      try? exchange.send(Data(text.utf8))
      let answer = (try? exchange.receiveAll()).map { String(decoding: $0.prefix(40), as: UTF8.self) } ?? ""
      #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
    }
    let promised = try HTTPExchange(port: server.port)
    try promised.send(
      Data("POST /api/theory HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n".utf8))
    #expect(String(decoding: try promised.receive(), as: UTF8.self).contains(" 413 "))
    let idle = try (0..<200).map { _ in try HTTPExchange(port: server.port) }
    for (index, exchange) in idle.enumerated() where index % 2 == 0 { try exchange.send(Data("GET / HT".utf8)) }
    #expect(try server.ask("POST", "/api/theory", file).status == 200)
    #expect(try server.end().status == 0)
  }

  @Test("A thousand requests at once are all answered, and memory stays bounded")
  func load() throws {
    let server = try Server()
    let file = try Self.preset("3-langevin-chain").replacing("points: 60", with: "points: 5")
    func wave() throws -> [Int] {
      let exchanges = try (0..<1000).map { _ in try HTTPExchange(port: server.port, timeout: 120) }
      let request =
        "POST /api/theory HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: \(file.utf8.count)\r\n\r\n"
      for exchange in exchanges { try exchange.send(Data((request + file).utf8)) }
      return try exchanges.map { try HTTPExchange.parse($0.receiveAll()).status }
    }
    #expect(try wave().allSatisfy { $0 == 200 })
    let before = try server.program.residentBytes()
    #expect(try wave().allSatisfy { $0 == 200 })
    let after = try server.program.residentBytes()
    #expect(after < before + 60_000_000, "\(before) to \(after) bytes")
    #expect(try server.end().status == 0)
  }

  @Test("A port that is taken, a wrong port, a store that cannot be: said, with the remedy")
  func refusals() throws {
    let server = try Server()
    let second = try Program.run(["serve", "--port", "\(server.port)"], in: server.place)
    #expect(second.status == 1 && second.errors.contains("choose another --port"), "\(second.errors)")
    #expect(try Program.run(["serve", "--port", "70000"], in: server.place).status == 2)
    try server.place.write("notadirectory", "")
    #expect(try Program.run(["serve", "--port", "0", "--store", "notadirectory"], in: server.place).status == 2)
    #expect(try server.end().status == 0)
  }

  @Test("Listening for others is a decision that is warned of; names of other sites stay outside")
  func otherHosts() throws {
    let server = try Server(["--host", "0.0.0.0"])
    #expect(try server.ask("GET", "/api/about", headers: ["Host": "192.168.1.7:\(server.port)"]).status == 200)
    #expect(try server.ask("GET", "/api/about", headers: ["Host": "evil.example"]).status == 403)
    let outcome = try server.end()
    #expect(outcome.status == 0 && outcome.errors.contains("everybody who can reach 0.0.0.0"))
  }
}
