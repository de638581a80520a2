import NessFiles
import NessModel
import Testing

/// What a file says of a drive: read, written, refused at its place.
@Suite("A drive in a file")
struct DriveTests {
  private static func text(_ drive: String, medium: String = "kind: chain\n  sites: 3\n  pinning: 1") -> String {
    """
    medium:
      \(medium)
    baths:
      left: {kind: langevin, temperature: 2, friction: 1}
      right: {kind: langevin, temperature: 1, friction: 1}
    drive:
      \(drive)

    """
  }

  private static func experiment(_ drive: String) throws -> Experiment {
    try Experiment(yaml: text(drive), file: "d.yaml")
  }

  private static func faults(_ drive: String) -> [String] {
    do {
      _ = try experiment(drive)
      return []
    } catch let error as ExperimentError {
      return error.faults.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test("It is read, makes a driven model, and is written as it was")
  func roundTrip() throws {
    let drive = "baths.left.temperature: \"2 + 0.5*sin(2*pi*t/10)\"\n  medium.force[3]: 0.1*cos(2*pi*t/5)\n  period: 20"
    let experiment = try Self.experiment(drive)
    let model = try #require(experiment.points()[0].model.of(DrivenNetwork.self))
    #expect(model.medium.course.period == 20 && model.medium.course.items.count == 2 && model.medium.course.doesWork)
    #expect(model.medium.sites == 3 && model.terminals != nil)
    let again = try Experiment(yaml: experiment.yaml(), file: "d.yaml")
    #expect(again == experiment && again.points() == experiment.points())
    // Negative control: without it another experiment.
    let still = try Experiment(
      title: nil, medium: experiment.medium, contacts: experiment.contacts, run: experiment.run)
    #expect(still != experiment && still.points()[0].model.drivenMedium == nil && still.points()[0].model.chain != nil)
  }

  @Test("Numbers of the formulas can be swept, and changed")
  func sweeps() throws {
    let text =
      Self.text(
        "medium.spring: \"1 + depth*cos(2*pi*t/tau)\"",
        medium: "kind: chain\n  sites: 3\n  pinning: 1\n  parameters: {depth: 0.3, tau: 4}")
      + "sweep: {parameter: medium.parameters.tau, values: [2, 3]}\n"
    let experiment = try Experiment(yaml: text, file: "d.yaml")
    #expect(experiment.points().map { $0.model.drivenMedium?.course.period } == [2, 3])
    let changed = try experiment.swept(by: nil).setting("medium.parameters.tau", to: 7)
    #expect(changed.points()[0].model.drivenMedium?.course.period == 7 && changed.drive == experiment.drive)
  }

  @Test(
    "Faults point at what is wrong",
    arguments: [
      (
        "baths.left.temperature: \"1 + 1.2*sin(2*pi*t/6)\"", "d.yaml:9:28",
        "-0.2 at t = 4.5, expected a temperature >= 0"
      ),
      ("baths.left.temperature: \"1 + sinn(t)\"", "d.yaml:9:32", "did you mean sin?"),
      ("baths.lef.temperature: \"2 + sin(t)\"", "d.yaml:9", "did you mean baths.left.temperature?"),
      ("medium.mass: \"2 + sin(t)\"", "d.yaml:9", "a mass"),
      ("medium.sites: \"2 + sin(t)\"", "d.yaml:9", "a whole number does not change with the time"),
      ("medium.spring: \"1 + 1.5*sin(t)\"", "d.yaml:9", "-0.5 at t = 4.71239, expected a spring constant > 0"),
      ("medium.spring: \"1 + 0.1*sin(t)*cos(sqrt(2)*t)\"", "d.yaml:8", "a common period (give drive.period)"),
      ("medium.spring: \"1 + 0.1*t\"", "d.yaml:9", "give drive.period if it repeats otherwise"),
      ("medium.force[4]: \"cos(t)\"", "d.yaml:9", "a site between 1 and 3"),
      ("medium.force[1]: \"2\"", "d.yaml:9", "which does not change"),
      ("medium.force[1]: \"1/sin(t)\"", "d.yaml:9", "no finite value"),
      ("baths.left.friction: \"2 + sin(t)\"", "d.yaml:9", "nothing else can be driven"),
      ("period: 3\n  medium.force[1]: \"sin(t)\"", "d.yaml:9", "as before"),
      ("period: -3\n  medium.force[1]: \"sin(t)\"", "d.yaml:9", "a time > 0"),
      ("{}", "d.yaml:8", "nothing that is driven"),
      ("5", "d.yaml:9", "parameters with formulas of t"),
    ])
  func faults(drive: String, place: String, words: String) {
    let found = Self.faults(drive)
    #expect(found.count == 1 && found[0].hasPrefix(place) && found[0].contains(words), "\(found)")
  }

  @Test("What a drive does not go with")
  func others() {
    func fault(_ text: String) -> String { (try? Experiment(yaml: text, file: "d.yaml")) == nil ? "refused" : "taken" }
    let good = Self.text("medium.force[1]: \"cos(t)\"")
    #expect(fault(good) == "taken")
    #expect(fault(good + "device: {kind: diode}\n") == "refused")
    #expect(fault(good.replacing("pinning: 1", with: "pinning: 1\n  hbar: 0.5")) == "refused")
    #expect(fault(good.replacing("kind: chain\n  sites: 3\n  pinning: 1", with: "kind: box\n  length: 1")) == "refused")
    #expect(
      fault(
        Self.text("baths.left.temperature: \"2 + cos(t)\"")
          + "sweep: {parameter: baths.left.temperature, values: [1, 2]}\n")
        == "refused")
    // A mass that a driven number would change.
    let mass = "kind: network\n  lattice: {chain: 3}\n  site: \"k*q^2/2\"\n  mass: \"k + j\"\n  parameters: {k: 1}"
    #expect(fault(Self.text("medium.parameters.k: \"2 + cos(t)\"", medium: mass)) == "refused")
    #expect(
      fault(Self.text("medium.parameters.k: \"2 + cos(t)\"", medium: mass.replacing("\"k + j\"", with: "2"))) == "taken"
    )
  }
}
