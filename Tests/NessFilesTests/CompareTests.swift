import NessFiles
import Testing

/// `compare` is a sweep that begins with it.
@Suite struct CompareTests {
  private static let system = """
    medium: {kind: chain, sites: 3, pinning: 1.0}
    baths:
      left: {kind: langevin, temperature: 1.0, friction: 0.5}
      right: {kind: langevin, temperature: 0.1, friction: 0.5}

    """

  private func sweep(_ text: String) throws -> Sweep? { try Experiment(yaml: Self.system + text, file: "f.yaml").sweep }

  private func faults(_ text: String) -> [String] {
    do throws(ExperimentError) {
      _ = try Experiment(yaml: Self.system + text, file: "f.yaml")
      return []
    } catch {
      return error.faults.map { "\($0.line ?? 0): \($0.key): \($0.remedy ?? "")" }
    }
  }

  @Test func isAGrid() throws {
    let temperature = "{parameter: baths.left.temperature, values: [1, 2]}"
    let hbar = "{parameter: medium.hbar, values: [0, 0.1]}"
    #expect(
      try sweep("compare: {hbar: [0, 0.1]}\nsweep: \(temperature)") == sweep("sweep: [\(hbar), \(temperature)]"))
    #expect(try sweep("compare: {hbar: [0, 0.1]}") == sweep("sweep: \(hbar)"))
    #expect(
      try sweep("compare: {hbar: [0, 0.1], baths.right.friction: [1, 2]}\nsweep: [\(temperature)]")
        == sweep("sweep: [\(hbar), {parameter: baths.right.friction, values: [1, 2]}, \(temperature)]"))
  }

  /// Faults stand where the file has them.
  @Test func faultsAtTheirKeys() {
    let sweep = "\nsweep: {parameter: baths.left.temperature, values: [1, 1]}"
    #expect(faults("compare: {hbarr: [0, 1]}") == ["5: compare.hbarr: did you mean medium.hbar?"])
    #expect(faults("compare: {hbar: [0, 1]}" + sweep).map { $0.prefix(16) } == ["6: sweep.values["])
    #expect(
      faults("compare: {baths.left.temperature: [3, 4]}\nsweep: {parameter: baths.left.temperature, values: [1, 2]}")
        == ["6: sweep.parameter: see compare.baths.left.temperature"])
    #expect(faults("compare: 3").map { $0.prefix(10) } == ["5: compare"])
    #expect(faults("compare: {}").map { $0.prefix(10) } == ["5: compare"])
    #expect(
      faults("compare: {hbar: [0, 1]}\nsweep: {paired: [{parameter: baths.left.temperature, values: [1, 2]}]}")
        == ["5: compare: put the values into the paired lists"])
  }
}
