import NessFiles
import NessModel
import Testing

@Suite("Quantities that a file asks for")
struct QuantitiesTests {
  /// The sample asking for something, in its last line.
  private static func text(_ quantities: String) -> String {
    (sampleLines + ["quantities: \(quantities)"]).joined(separator: "\n") + "\n"
  }

  private static func read(_ quantities: String) throws -> Questions? {
    try Experiment(yaml: text(quantities), file: "f.yaml").quantities
  }

  @Test("Families, members and all are read, and written back")
  func roundTrip() throws {
    #expect(try Experiment(yaml: sampleLines.joined(separator: "\n"), file: "f.yaml").quantities == nil)
    #expect(try Self.read("all") == .all)
    #expect(try Self.read("[heatCurrent]") == .only([.heatCurrent]))
    let several = try Self.read("[heatFrom.left, \"kineticTemperature[3]\", effectiveFriction]")
    #expect(
      several
        == .named([
          .member(.heat(from: "left")), .member(.kineticTemperature(site: 3)), .family(.effectiveFriction),
        ]))
    #expect(try Self.read("\n  - heatFrom.left\n  - kineticTemperature[3]\n  - effectiveFriction") == several)
    for family in Quantity.Family.allCases {
      let experiment = try Experiment(yaml: Self.text("[\(family.rawValue)]"), file: "f.yaml")
      #expect(experiment.quantities == .only([family]))
      #expect(try Experiment(yaml: experiment.yaml(), file: "f.yaml") == experiment)
    }
    let experiment = try Experiment(yaml: Self.text("[heatFrom.left, \"kineticTemperature[3]\"]"), file: "f.yaml")
    #expect(try Experiment(yaml: experiment.yaml(), file: "f.yaml") == experiment)
    // Points, parts and other values of the sweep ask the same.
    #expect(try experiment.at([1]).quantities == experiment.quantities)
    #expect(try experiment.sweeping([13]).quantities == experiment.quantities)
  }

  @Test("Faults are told at their place, with what is near")
  func faultsOfNames() {
    func fault(_ quantities: String) -> String? { faults(of: Self.text(quantities)).first }
    #expect(
      fault("[heatCurent]")?.hasPrefix("f.yaml:24:14: quantities[0]: found heatCurent, expected the name of a quantity")
        == true)
    #expect(fault("[heatCurent]")?.hasSuffix("(did you mean heatCurrent?)") == true)
    #expect(fault("[heatCurrent, heatFrm.left]")?.hasSuffix("(did you mean heatFrom.left?)") == true)
    #expect(fault("[heatFrom.lefft]")?.contains("expected heatFrom, heatFrom.left or heatFrom.right") == true)
    #expect(fault("[heatFrom.lefft]")?.hasSuffix("(did you mean heatFrom.left?)") == true)
    #expect(fault("\n  - kineticTemperature[0]")?.contains("f.yaml:25:5: quantities[0]") == true)
    #expect(fault("\n  - kineticTemperature[0]")?.contains("kineticTemperature[j] for site j") == true)
    #expect(fault("heatCurrent")?.hasSuffix("(write [heatCurrent])") == true)
    #expect(fault("[]")?.contains("at least one quantity") == true)
    #expect(fault("[[heatCurrent]]")?.contains("the name of a quantity") == true)
    // Brackets within brackets are no YAML.
    #expect(fault("[kineticTemperature[3]]")?.contains("needs quotes: \"kineticTemperature[1]\"") == true)
    #expect(faults(of: Self.text("[heatCurrent]")) == [])
  }

  @Test("A search for the largest current needs the current")
  func refinement() {
    let lines = sampleLines.dropLast() + ["  values: [12.0, 20.0, 30.0]", "  refine: maximum"]
    let text = lines.joined(separator: "\n") + "\nquantities: "
    #expect(faults(of: text + "[heatCurrent]\n") == [])
    #expect(faults(of: text + "[kineticTemperature]\n").first?.contains("heatCurrent among them") == true)
  }
}
