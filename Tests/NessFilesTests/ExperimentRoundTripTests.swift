import NessFiles
import NessModel
import NessTestSupport
import Testing

/// A small generator for tests: the same numbers on every machine.
private struct Mutations {
  var state: UInt64

  mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  /// One to four bytes deleted, doubled or replaced, or two lines exchanged.
  mutating func mutate(_ original: [UInt8]) -> [UInt8] {
    let letters = Array("0-.:[]{}\"'#&*!|>%@`~? \n\tae\u{E9}".utf8) + [0, 0xFF]
    var bytes = original
    for _ in 0...next(below: 4) where !bytes.isEmpty {
      let place = next(below: bytes.count)
      switch next(below: 4) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(bytes[place], at: place)
      case 2: bytes[place] = letters[next(below: letters.count)]
      default:
        var lines = bytes.split(separator: 10, omittingEmptySubsequences: false)
        lines.swapAt(next(below: lines.count), next(below: lines.count))
        bytes = Array(lines.joined(separator: [10]))
      }
    }
    return bytes
  }
}

struct ExperimentRoundTripTests {
  @Test func examplesAreExperimentsAndSurviveSaving() throws {
    let files = try exampleFiles()
    #expect(files.count >= 5)
    for file in files {
      let experiment = try Experiment(contentsOfFile: file)
      let again = try Experiment(yaml: experiment.yaml(), file: "saved.yaml")
      #expect(again == experiment)
      #expect(again.points() == experiment.points())
      #expect(again.yaml() == experiment.yaml())
    }
  }

  @Test func mutatedFilesNeverCrash() throws {
    var mutations = Mutations(state: 1)
    var good = 0
    for file in try exampleFiles() {
      let original = Array(try #require(try Experiment(contentsOfFile: file).source).text.utf8)
      for _ in 0..<500 {
        let text = String(decoding: mutations.mutate(original), as: UTF8.self)
        do throws(ExperimentError) {
          let experiment = try Experiment(yaml: text, file: "f.yaml")
          #expect(try Experiment(yaml: experiment.yaml(), file: "f.yaml") == experiment)
          good += 1
        } catch {
          #expect(!error.faults.isEmpty)
          #expect(error.faults.allSatisfy { $0.line != nil && $0.file == "f.yaml" }, "\(text)")
        }
      }
    }
    #expect((250..<2375).contains(good))
  }

  @Test(arguments: ["plain", "no", "a: b # c", "\"quoted\" \\ back", "", "\n\t\u{0}\u{85}\u{2028}\u{FEFF}", "τ → ∞ 🔥"])
  func titlesSurvive(title: String) throws {
    let bath = AnyBath(LangevinBath(temperature: 1e-9, friction: 1e22))
    let experiment = try Experiment(
      title: title,
      medium: .init(Chain(sites: 3, springConstant: 0.1 + 0.2, pinning: Chain.Pinning(left: 1, right: 0))),
      contacts: [Contact("left", bath), Contact("no", site: 2, bath)],
      run: RunSettings(
        seed: .max, replicas: 3, duration: 1e5, burnIn: 0, timeStep: 1e-3, targetError: 0.5, noise: .gaussian),
      sweep: Sweep(parameter: "baths.no.site", from: 1, to: 3, points: 3))
    #expect(try Experiment(yaml: experiment.yaml(), file: "f.yaml") == experiment)
  }

  @Test func defaultsAreThoseOfTheDocumentation() throws {
    let text = """
      medium: {kind: chain, sites: 1, pinning: 2}
      baths: {left: {kind: particles, temperature: 3, friction: 4, coupling: 5}}
      """
    let experiment = try Experiment(yaml: text, file: "f.yaml")
    #expect(experiment.medium == .init(Chain(sites: 1, mass: 1, springConstant: 1, pinning: 2)))
    let bath = ParticleBath(
      temperature: 3, count: 40, friction: 4, coupling: 5, strength: 1, sharpness: 2, ringLength: 25)
    #expect(experiment.contacts == [Contact("left", .init(bath))])
    #expect(experiment.run == RunSettings(seed: 1, replicas: 64))
    #expect(experiment.title == nil && experiment.sweep == nil)
    #expect(experiment.points().map(\.parameters) == [[]])
  }

  @Test func everySweepableParameterReachesTheModel() throws {
    let text = sampleLines.prefix(20).joined(separator: "\n") + "\n  duration: 1\n"
    let head = text.replacing("  right:\n", with: "  other:\n    site: 3\n")
    let paths = [
      "medium.sites", "medium.mass", "medium.spring", "medium.pinning", "medium.pinning.left", "medium.pinning.right",
      "baths.left.temperature", "baths.left.count", "baths.left.friction", "baths.left.coupling",
      "baths.left.strength", "baths.left.sharpness", "baths.left.ring", "baths.other.temperature",
      "baths.other.friction", "baths.other.site",
    ]
    for path in paths {
      let experiment = try Experiment(
        yaml: head + "sweep: {parameter: \(path), values: [5, 7]}\n", file: "f.yaml")
      let points = experiment.points()
      #expect(points.map(\.parameters) == [5, 7].map { [ParameterValue(path: path, value: $0)] })
      #expect(points[0].model != points[1].model)
      #expect(experiment.dimension(ofParameter: path) != nil)
    }
  }

  @Test func theRightBathFollowsTheNumberOfSites() throws {
    let lines = sampleLines.prefix(21) + ["  parameter: medium.sites", "  values: [2, 9]", ""]
    let points = try Experiment(yaml: lines.joined(separator: "\n"), file: "f.yaml").points()
    #expect(points.map { $0.model.attachments.map(\.site) } == [[1, 2], [1, 9]])
  }
}
