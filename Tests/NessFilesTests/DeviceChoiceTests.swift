import NessFiles
import Testing

@Suite("The device that a file names")
struct DeviceChoiceTests {
  /// A chain with baths of those names, and a line about its device.
  private static func text(_ device: String, baths: [String] = ["left", "right"]) -> String {
    let contacts = baths.enumerated().map { index, name in
      "  \(name): {kind: langevin, \(baths.count > 2 ? "site: \(index + 1), " : "")temperature: \(index + 1).0, friction: 1.0}"
    }
    return (["medium: {kind: chain, sites: 4, pinning: 1.0}", "baths:"] + contacts + ["device: \(device)"])
      .joined(separator: "\n") + "\n"
  }

  private static let three = ["hot", "gate", "cold"]

  @Test(
    "It is read, written back, and kept where numbers or the sweep are changed",
    arguments: [
      ("{kind: diode}", ["left", "right"], DeviceChoice(.diode)),
      ("{kind: conductivity}", ["left", "right"], DeviceChoice(.conductivity)),
      ("{kind: transistor}", three, DeviceChoice(.transistor)),
      (
        "{kind: transistor, collector: cold, base: gate, emitter: hot}", three,
        DeviceChoice(.transistor, base: "gate", emitter: "hot", collector: "cold")
      ),
    ])
  func roundTrip(line: String, baths: [String], device: DeviceChoice) throws {
    let experiment = try Experiment(yaml: Self.text(line, baths: baths), file: "f.yaml")
    #expect(experiment.device == device)
    let again = try Experiment(yaml: experiment.yaml(), file: "f.yaml")
    #expect(again == experiment && again.yaml() == experiment.yaml())
    #expect(try experiment.setting("medium.sites", to: 5).device == device)
    let sweep = Sweep(parameter: "baths.\(baths[0]).temperature", values: [3, 4])
    #expect(try experiment.swept(by: sweep).device == device)
    let without = try Experiment(yaml: Self.text("", baths: baths).replacing("device: \n", with: ""), file: "f.yaml")
    #expect(without.device == nil && without != experiment && !without.yaml().contains("device"))
  }

  @Test("Faults are told at their place, with what is near, all at once")
  func faultsOfDevices() {
    func found(_ device: String, _ baths: [String] = ["left", "right"]) -> [String] {
      faults(of: Self.text(device, baths: baths))
    }
    #expect(
      found("{kind: diod}") == [
        "f.yaml:5:16: device.kind: found diod, expected diode, transistor, conductivity or refrigerator (did you mean diode?)"
      ])
    #expect(found("diode").first?.hasSuffix("expected a device, for example {kind: diode}") == true)
    #expect(found("{}").first?.contains("the required key kind") == true)
    #expect(
      found("{kind: diode, base: left}").first?.contains("device.base: found an unknown key, expected kind") == true)
    #expect(found("{kind: diode, kid: 3}").first?.contains("device.kid") == true)
    #expect(
      found("{kind: diode}", Self.three) == [
        "f.yaml:6:1: device: found a diode of 3 baths (hot, gate, cold), expected two baths"
      ])
    #expect(
      found("{kind: transistor}") == [
        "f.yaml:5:1: device: found a transistor of 2 baths (left, right), expected three baths or more"
      ])
    let two = found("{kind: transistor, base: gat, emitter: hot, collector: hot}", Self.three)
    #expect(two.count == 2 && two[0].contains("found gat, expected a bath: hot, gate or cold (did you mean gate?)"))
    #expect(
      two.last?.contains("device.collector: found hot, expected another bath than the roles before it") == true
    )
    // A device on top of a bath that cannot be read says nothing of the number of baths.
    let broken = Self.text("{kind: diode}").replacing("friction: 1.0", with: "friction: none")
    #expect(faults(of: broken).allSatisfy { !$0.contains("device") })
  }

  @Test("What is asked by name goes before, the rest is that of the file")
  func completed() {
    let file = DeviceChoice(.transistor, base: "a", emitter: "b")
    #expect(
      DeviceChoice(.transistor, base: "c").completed(by: file) == DeviceChoice(.transistor, base: "c", emitter: "b"))
    #expect(DeviceChoice(.diode).completed(by: file) == DeviceChoice(.diode))
    #expect(throws: DeviceFault.self) { try DeviceChoice(named: "diode", ["base": "a"]) }
    #expect(throws: DeviceFault.self) { try DeviceChoice(named: "triode") }
  }
}
