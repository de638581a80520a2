import Foundation
import NessTestSupport
import Testing

@Suite("ness serve", .serialized)
struct ServeCommandTests {
  /// A running server.
  private struct Server {
    let place: Workplace
    let program: Program.Running
    let port: Int
    let token: String

    init(_ arguments: [String] = []) throws {
      place = try Workplace()
      program = try Program.Running(["serve", "--port", "0"] + arguments, in: place)
      var address: String?
      for _ in 0..<600 where address == nil && program.isRunning {
        usleep(50000)
        address = try program.outputSoFar().split(separator: "\n").first.map(String.init)
      }
      let parts = try #require(address.flatMap { URLComponents(string: $0) })
      port = try #require(parts.port)
      token = parts.queryItems?.first { $0.name == "token" }?.value ?? ""
    }

    /// The head of a request of which the rest may be odd; the token is in it.
    func head(_ method: String, _ path: String, _ lines: String...) -> Data {
      let all = ["\(method) \(path) HTTP/1.1", "Host: localhost", "Authorization: Bearer \(token)"] + lines
      return Data((all.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    func ask(
      _ method: String, _ path: String, _ body: String? = nil, headers: [String: String] = [:]
    ) throws -> HTTPExchange.Answer {
      let fields = ["Authorization": "Bearer \(token)"].merging(headers) { $1 }
      return try HTTPExchange.ask(method, path, port: port, body: body, headers: fields)
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

  @Test("An experiment that names a device is judged as by ness theory, or told why not")
  func devices() throws {
    let server = try Server()
    for (name, kind) in [
      ("11-two-qubit-diode", "diode"), ("12-three-qubit-transistor", "transistor"),
      ("13-absorption-refrigerator", "refrigerator"),
    ] {
      let file = try Self.preset(name)
      try server.place.write("device.yaml", file)
      let printed = try Program.run(["theory", "device.yaml", "--format", "json"], in: server.place)
      let told = try #require(try JSONSerialization.jsonObject(with: Data(printed.text.utf8)) as? [String: Any])
      let answer = try server.ask("POST", "/api/theory", file)
      let device = try #require(answer.json["device"] as? NSDictionary)
      #expect(answer.status == 200 && device["device"] as? String == kind)
      #expect(device == told["device"] as? NSDictionary)
      #expect(try server.ask("POST", "/api/theory?quantities=heatCurrent,heatFrom", file).json["device"] == nil)
    }
    // The file of this one asks no quantities, and no theory answers.
    let refused = try server.ask("POST", "/api/theory", Self.preset("7-diode"))
    let diode = try #require(refused.json["device"] as? [String: Any])
    #expect((diode["verdicts"] as? [Any])?.isEmpty == true)
    #expect((diode["notes"] as? [String])?.contains { $0.contains("is not harmonic") } == true)
    let file = try Self.preset("13-absorption-refrigerator").replacing("temperature: 1.2", with: "temperature: 1.0")
    let wrong = try server.ask("POST", "/api/theory", file)
    #expect(wrong.status == 422 && wrong.text.contains("three different temperatures"), "\(wrong.text)")
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
    try stream.send(server.head("GET", "/api/runs/\(name)/events"))
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
    #expect((detail["points"] as? Int) == ((detail["document"] as? [String: Any])?["points"] as? [Any])?.count)
    let page = try server.ask("GET", "/api/studies/\(study)?offset=0&limit=0").json
    #expect(((page["document"] as? [String: Any])?["points"] as? [Any])?.isEmpty == true)
    #expect(try server.ask("GET", "/api/studies/\(study)?limit=501").status == 400)
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
    try promised.send(server.head("POST", "/api/theory", "Content-Length: 1000000000000"))
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
    /// The answers that were not given, each with its reason.
    func wave() throws -> [String] {
      let exchanges = try (0..<1000).map { _ in try HTTPExchange(port: server.port, timeout: 120) }
      let request = server.head("POST", "/api/theory", "Connection: close", "Content-Length: \(file.utf8.count)")
      for exchange in exchanges { try exchange.send(request + Data(file.utf8)) }
      let answers = try exchanges.map { try HTTPExchange.parse($0.receiveAll()) }
      return answers.filter { $0.status != 200 }.map { "\($0.status) \($0.text)" }
    }
    #expect(try wave() == [])
    let before = try server.program.residentBytes()
    #expect(try wave() == [])
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

  @Test(
    "Who does not know the token sees nothing and starts nothing; a browser gets a cookie for it; --no-token needs none"
  )
  func token() throws {
    let server = try Server()
    let file = try Self.preset("3-langevin-chain")
    let stranger = ["Authorization": ""]
    for (method, path) in [
      ("GET", "/"), ("GET", "/api/about"), ("GET", "/api/studies"), ("POST", "/api/runs"), ("POST", "/api/theory"),
      ("GET", "/api/openapi.json"), ("GET", "/nowhere"),
    ] {
      let answer = try server.ask(method, path, method == "POST" ? file : nil, headers: stranger)
      #expect(answer.status == 401 && answer.text.contains("token"), "\(method) \(path): \(answer.status)")
      #expect(answer.headers["www-authenticate"]?.hasPrefix("Bearer") == true)
    }
    #expect(server.token.count == 64)
    let nearly = server.token.dropLast() + (server.token.hasSuffix("0") ? "1" : "0")
    for wrong in [String(nearly), String(server.token.dropLast()), server.token + "0", ""] {
      #expect(try server.ask("GET", "/api/about", headers: ["Authorization": "Bearer \(wrong)"]).status == 401)
      #expect(try server.ask("GET", "/?token=\(wrong)", headers: stranger).headers["set-cookie"] == nil)
    }
    // The files of the page hold no secret; the page that asks for the token needs them.
    #expect(try server.ask("GET", "/assets/base.css", headers: stranger).status == 200)
    #expect(try server.ask("GET", "/api/about?token=\(server.token)", headers: stranger).status == 200)
    let opened = try server.ask("GET", "/?token=\(server.token)", headers: stranger)
    let cookie = try #require(opened.headers["set-cookie"])
    #expect(opened.status == 303 && opened.headers["location"] == "/")
    #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.hasPrefix("ness-\(server.port)="))
    let carried = ["Authorization": "", "Cookie": "other=1; \(cookie.prefix { $0 != ";" })"]
    #expect(try server.ask("GET", "/", headers: carried).text.contains("id=\"simulate\""))
    // The cookie goes to every port of this machine, and so comes from pages of other users there.
    let neighbour = carried.merging(["Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"]) { $1 }
    #expect(try server.ask("GET", "/api/studies", headers: neighbour).status == 403)
    #expect(try server.end().status == 0)
    let open = try Server(["--no-token"])
    #expect(open.token.isEmpty)
    #expect(try open.ask("GET", "/api/about", headers: stranger).status == 200)
    let outcome = try open.end()
    #expect(outcome.status == 0 && outcome.errors.contains("other users of this machine too"))
  }

  @Test("What HTTP does not know is answered in its own words; a body is asked for where that is waited for")
  func protocolFaults() throws {
    let server = try Server()
    let file = try Self.preset("3-langevin-chain")
    func answer(_ request: Data) throws -> HTTPExchange.Answer {
      let exchange = try HTTPExchange(port: server.port)
      try exchange.send(request)
      return try HTTPExchange.parse(exchange.receiveAll())
    }
    let close = "Connection: close"
    let chunks = server.head("POST", "/api/theory", close, "Transfer-Encoding: chunked")
    for size in ["zz", "-1", "0x10", "fffffffffffffffff"] {
      #expect(try answer(chunks + Data("\(size)\r\nabc\r\n0\r\n\r\n".utf8)).status == 400, "chunk of \(size)")
    }
    let whole = String(file.utf8.count, radix: 16) + "\r\n\(file)\r\n0\r\n\r\n"
    #expect(try answer(chunks + Data(whole.utf8)).status == 200)
    for coding in ["foo", "gzip, chunked", "identity"] {
      let status = try answer(server.head("POST", "/api/theory", close, "Transfer-Encoding: \(coding)")).status
      #expect([400, 501].contains(status), "\(coding): \(status)")
    }
    for host in ["127.0.0.1", "evil.example"] {
      #expect(try answer(server.head("GET", "/api/about", close, "Host: \(host)")).status == 400)
    }
    // The name in a whole address counts, not that of the field.
    let own = "http://127.0.0.1:\(server.port)/api/about"
    #expect(try answer(server.head("GET", own, close)).status == 200)
    #expect(try answer(server.head("GET", "http://evil.example/api/about", close)).status == 403)
    // Closed without being asked to: HTTP/1.0, and a field of several words.
    let old = String(decoding: server.head("GET", "/api/about"), as: UTF8.self)
    let last = try answer(Data(old.replacing("HTTP/1.1", with: "HTTP/1.0").utf8))
    #expect(last.status == 200 && last.headers["connection"] == "close")
    #expect(try answer(server.head("GET", "/api/about", "Connection: TE, Close", "TE: trailers")).status == 200)
    #expect(try answer(Data("GET /api/about HTTP/1.1\r\n\(close)\r\n\r\n".utf8)).status == 400)
    #expect(
      try answer(server.head("POST", "/api/theory", close, "Expect: a miracle", "Content-Length: 0")).status == 417)
    let waiting = try HTTPExchange(port: server.port)
    try waiting.send(
      server.head("POST", "/api/theory", close, "Expect: 100-continue", "Content-Length: \(file.utf8.count)"))
    #expect(String(decoding: try waiting.receive(), as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    try waiting.send(Data(file.utf8))
    #expect(try HTTPExchange.parse(waiting.receiveAll()).status == 200)
    // Who is turned away is not asked for a body.
    let expecting = ["Expect": "100-continue", "Content-Length": "100"]
    let bearer = "Bearer \(server.token)"
    for (fields, status) in [
      ([:], 401), (["Authorization": bearer, "Origin": "http://evil.example"], 403),
      (["Authorization": bearer, "Content-Length": "65537"], 413),
    ] {
      let fields = expecting.merging(fields) { $1 }
      #expect(
        try HTTPExchange.ask("POST", "/api/theory", port: server.port, headers: fields).status == status, "\(status)")
    }
    #expect(try server.end().status == 0)
  }

  @Test("Texts that cost more than their size are refused, and the server goes on")
  func costlyTexts() throws {
    let server = try Server()
    let levels = (1..<40).map { "  - &a\($0) {? [*a\($0 - 1), *a\($0 - 1)] : 1}\n" }.joined()
    for path in ["/api/theory", "/api/experiment", "/api/runs", "/api/scene"] {
      let answer = try server.ask("POST", path, "title:\n  - &a0 [1, 1]\n" + levels)
      #expect(answer.status == 422 && answer.text.contains("aliases"), "\(path): \(answer.status)")
    }
    #expect(try server.end().status == 0)
  }

  @Test(
    "Heavy work, wanted or given up, keeps nobody waiting, has an end, and does not keep the server from ending", .long)
  func heavyWork() throws {
    let server = try Server(["--threads", "2"])
    let small = try Self.preset("3-langevin-chain")
    let large = """
      medium: {kind: chain, sites: 2000, pinning: 1}
      baths:
        left: {kind: particles, temperature: 20, friction: 0.1, coupling: 0.2}
        right: {kind: langevin, temperature: 10, friction: 1}
      sweep: {parameter: medium.pinning, from: 1, to: 2, points: 500}
      """
    func ask() throws -> HTTPExchange {
      let exchange = try HTTPExchange(port: server.port, timeout: 120)
      let head = server.head(
        "POST", "/api/theory?profile=true", "Connection: close", "Content-Length: \(large.utf8.count)")
      try exchange.send(head + Data(large.utf8))
      return exchange
    }
    // An hour of one core each, were they not given up: no machine is fast enough.
    for _ in 0..<6 { _ = try ask() }
    var kept = try (0..<8).map { _ in try ask() }
    for _ in 0..<5 {
      #expect(try server.ask("POST", "/api/theory", small).status == 200)
      #expect(try server.ask("GET", "/api/about").status == 200)
    }
    #expect(try !kept.contains { try $0.hasReceived() }, "a heavy answer came before the quick ones")
    // They are equal, so any of them may be the first.
    var first: HTTPExchange?
    let end = ContinuousClock.now + .seconds(120)
    while first == nil, ContinuousClock.now < end {
      usleep(50_000)
      first = try kept.first { try $0.hasReceived() }
    }
    let late = try HTTPExchange.parse(#require(first, "no heavy question has come to its end").receiveAll())
    kept = []
    first = nil
    // On a machine that gives it no processor time it ends as well.
    #expect(
      late.status == 422 && late.text.contains("takes longer than 10 s")
        || late.status == 503 && late.text.contains("too busy"), "\(late.status) \(late.text)")
    #if os(Linux)
      // What was given up leaves nothing behind.
      let before = try server.program.openFiles()
      for _ in 0..<20 {
        _ = try ask()
        #expect(try server.ask("POST", "/api/theory", small).status == 200)
      }
      var after = Int.max
      for _ in 0..<600 where after > before + 8 {
        usleep(50_000)
        after = try server.program.openFiles()
      }
      #expect(after <= before + 8, "\(before) files were open, then \(after)")
    #endif
    let again = try ask()
    #expect(try server.ask("POST", "/api/theory", small).status == 200)
    #expect(try server.end().status == 0)
    withExtendedLifetime(again) {}
  }

  @Test("Listening for others is a decision that is warned of; names of other sites stay outside")
  func otherHosts() throws {
    let server = try Server(["--host", "0.0.0.0"])
    #expect(try server.ask("GET", "/api/about", headers: ["Host": "192.168.1.7:\(server.port)"]).status == 200)
    for name in [
      "evil.example", "bad.de", "192.168.1", "0x7f000001", "1.2.3.4.5", "[::1", "fe80::1", "127.0.0.1:99999",
    ] {
      #expect(try server.ask("GET", "/api/about", headers: ["Host": name]).status == 403, "\(name)")
    }
    let outcome = try server.end()
    #expect(outcome.status == 0 && outcome.errors.contains("everybody on the network who knows the address"))
  }
}
