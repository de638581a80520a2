import Foundation
import NessFiles
import Testing

@Suite("Runs of the program", .serialized)
struct RunCommandTests {
  private static let json = ["--format", "json"]

  @Test("any number of threads gives the same bytes", .timeLimit(.minutes(20)))
  func threads() throws {
    let outputs = try ["1", "2", "3"].map { threads in
      let place = try Workplace()
      try place.write("small.yaml", SampleText.small)
      let outcome = try Program.run(["run", "small.yaml", "--threads", threads] + Self.json, in: place)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return outcome.output
    }
    #expect(outputs[0] == outputs[1])
    #expect(outputs[0] == outputs[2])
  }

  @Test("another seed gives other numbers")
  func seed() throws {
    let place = try Workplace()
    try place.write("one.yaml", SampleText.small)
    try place.write("other.yaml", SampleText.small.replacing("seed: 5", with: "seed: 6"))
    let values = try ["one.yaml", "other.yaml"].map { file in
      let document = try Program.run(["run", file] + Self.json, in: place).document()
      return try #require(document.points.first?.estimate("heatCurrent", "simulation")).value
    }
    #expect(values[0] != values[1])
  }

  @Test("finished points are taken from the store, with the same bytes")
  func store() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let command = ["run", "small.yaml", "--store", "kept"] + Self.json
    let first = try Program.run(command, in: place)
    let second = try Program.run(command, in: place)
    #expect(first.status == 0 && second.status == 0)
    #expect(first.output == second.output)
    #expect(first.errors.contains("done"))
    #expect(!second.errors.contains("done"), "computed again: \(second.errors)")
    #expect(try place.contents() == ["kept", "small.yaml"])
  }

  @Test("a damaged entry of the store is told and computed again")
  func damagedStore() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let command = ["run", "small.yaml", "--store", "kept", "--quiet"] + Self.json
    let first = try Program.run(command, in: place)
    let file = place.folder.appending(path: "kept/results.sqlite")
    var bytes = try Data(contentsOf: file)
    // A digit of the payload of one of the two results.
    let digit = try #require(bytes.firstRange(of: Data("uncertainty\": 0.0".utf8)))
    bytes[digit.upperBound] ^= 1
    try bytes.write(to: file)
    let second = try Program.run(command, in: place)
    #expect(second.status == 0)
    #expect(second.errors.contains("damaged"))
    #expect(first.output == second.output)
    let third = try Program.run(command, in: place)
    #expect(third.errors.isEmpty && third.output == first.output)
  }

  @Test("Ctrl-C exits with 130, prints what was measured and keeps finished points", .timeLimit(.minutes(20)))
  func interrupt() throws {
    let place = try Workplace()
    let values = (0..<40).map { 8 + 0.25 * Double($0) }
    func write(_ name: String, _ values: [Double]) throws {
      try place.write(name, SampleText.long + "\nsweep: {parameter: baths.left.temperature, values: \(values)}\n")
    }
    try write("long.yaml", values)
    let running = try Program.Running(["run", "long.yaml"] + Self.json, in: place)
    while running.isRunning, try !running.errorsSoFar().contains("done") { usleep(5000) }
    running.interrupt()
    let outcome = try running.outcome()
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("interrupted"))
    let document = try outcome.document()
    #expect(document.interrupted == true)
    #expect(!document.points.isEmpty && document.points.count < values.count)

    // A point that was finished comes from the store, and with the numbers that were printed.
    let finished = try #require(document.points.first { $0.run?.stopReason == "durationReached" })
    try write("one.yaml", Array(finished.parameters.values))
    let again = try Program.run(["run", "one.yaml"] + Self.json, in: place)
    #expect(again.status == 0, "\(again.errors)")
    #expect(!again.errors.contains("done"), "computed again: \(again.errors)")
    #expect(try again.document().points.first == finished)
  }

  @Test("theory of a buckled chain refuses and names the temperature; the simulation runs")
  func buckled() throws {
    let place = try Workplace()
    try place.write("buckled.yaml", SampleText.buckled)
    let refused = try Program.run(["theory", "buckled.yaml", "--method", "markov", "--method", "memory"], in: place)
    #expect(refused.status == 2)
    #expect((refused.text + refused.errors).contains("below temperature 3.172"))

    let theory = try Program.run(["theory", "buckled.yaml"] + Self.json, in: place).document()
    let point = try #require(theory.points.first)
    let reason = try #require(point.refusals?.first { $0.method == "markov" }?.reason)
    #expect(reason.contains("below temperature 3.172"))
    #expect(!point.estimates.contains { ["markov", "memory", "asymptotic"].contains($0.method) })

    let run = try Program.run(["run", "buckled.yaml"] + Self.json, in: place)
    #expect(run.status == 0, "\(run.errors)")
    let measured = try #require(try run.document().points.first?.estimate("heatCurrent", "simulation"))
    #expect(measured.kind == "statistical" && measured.uncertainty > 0)
  }

  @Test("a relative error of a current that is zero can never be reached and is refused")
  func noCurrent() throws {
    let place = try Workplace()
    let equal = SampleText.strong.replacing("temperature: 0.0", with: "temperature: 20.0")
    try place.write("equal.yaml", equal.replacing("duration: 200.0", with: "targetError: 0.1"))
    let outcome = try Program.run(["run", "equal.yaml"], in: place)
    #expect(outcome.status == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("equal temperatures"))
  }

  @Test("a time limit ends the run with what was measured, status 0 and its reason", .timeLimit(.minutes(20)))
  func timeLimit() throws {
    let place = try Workplace()
    try place.write("endless.yaml", SampleText.small.replacing("duration: 400.0", with: "duration: 4.0e+6"))
    let outcome = try Program.run(
      ["run", "endless.yaml", "--time-limit", "4s", "--store", "kept"] + Self.json, in: place)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let document = try ResultDocument(json: outcome.text)
    #expect(document.points.count == 2 && !document.interrupted)
    for point in document.points {
      #expect(point.run?.stopReason == "budget")
      let current = try #require(point.estimates.first { $0.quantity == .heatCurrent && $0.method == .simulation })
      #expect(current.estimate.error > 0 && current.budget?.timeStep.basis == .linear)
    }
    // The time it would take is announced, if the machine is fast enough to tell; what a clock ended is not kept.
    #expect(!outcome.errors.contains("about ") || outcome.errors.contains("the time limit of 4 s ends it earlier"))
    let kept = place.folder.appending(path: "kept").path
    #expect(try !FileManager.default.contentsOfDirectory(atPath: kept).contains { $0.hasSuffix(".json") })
  }

  @Test("the step is checked on request, and the answer is told as another one", .timeLimit(.minutes(20)))
  func checkStep() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let plain = try Program.run(["run", "small.yaml", "--verbose"], in: place)
    let checked = try Program.run(["run", "small.yaml", "--check-step"], in: place)
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(checked.text.contains("step check: J = ") && checked.text.contains("extrapolated to a step of zero"))
    #expect(!plain.text.contains("step check"))
    #expect(plain.text.contains("budget   heatCurrent = ") && plain.text.contains("(time step, linear theory)"))
  }
}
