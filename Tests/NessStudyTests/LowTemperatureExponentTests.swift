import NessFiles
import NessModel
import NessStudy
import Testing

/// The power with which currents vanish with the temperature, as a study says it.
@Suite struct LowTemperatureExponentTests {
  private static let scales = [0.002, 0.004, 0.008, 0.016, 0.032, 0.3]

  private static func notes(
    medium: String, bath: String, ratio: Double = 0.5, scales: [Double] = scales, isPaired: Bool = true
  ) throws -> [String] {
    let right = isPaired ? scales.map { $0 * ratio } : scales.map { _ in 0.001 }
    let text = """
      medium: \(medium)
      baths:
        left: {\(bath), temperature: 1.0}
        right: {\(bath), temperature: 0.5}
      sweep:
        paired:
          - {parameter: baths.left.temperature, values: \(scales)}
          - {parameter: baths.right.temperature, values: \(right)}

      """
    // Values of a paired sweep may repeat.
    return try Study(try Experiment(yaml: text, file: "cold.yaml"), threads: 1).theory().notes.filter {
      $0.contains("|J|")
    }
  }

  /// The exponent in a sentence, with its error.
  private static func exponent(_ note: String) throws -> (value: Double, words: String) {
    let word = try #require(note.split(separator: "the power ").last?.split(separator: " ").first)
    return (try #require(Double(word.prefix { $0 != "(" })), String(word))
  }

  /// A chain that nothing holds lets the slowest waves through: J goes as T². One that is held at its ends reflects them, as w²: T to the 4th.
  @Test func chains() throws {
    for (medium, power) in [
      ("{kind: chain, sites: 3, pinning: 0.0, hbar: 1.0}", 2.0),
      ("{kind: chain, sites: 3, pinning: 1.0, hbar: 1.0}", 4.0),
    ] {
      let notes = try Self.notes(medium: medium, bath: "kind: langevin, friction: 0.7")
      #expect(notes.count == 1 && notes[0].hasPrefix("markov: |J| falls as the power"), "\(notes)")
      let found = try Self.exponent(try #require(notes.first))
      #expect(abs(found.value - power) < 2e-3, "\(found)")
    }
    // A classical current goes as T, whatever the chain.
    let classical = try Self.notes(
      medium: "{kind: chain, sites: 3, pinning: 1.0}", bath: "kind: langevin, friction: 0.7")
    #expect(try abs(Self.exponent(try #require(classical.first)).value - 1) < 1e-9, "\(classical)")
  }

  /// Sites that are held one and all have a gap, and so has a qubit: faster than any power.
  @Test func gaps() throws {
    let scales = [0.04, 0.05, 0.0625, 0.08, 0.1]
    let held = try Self.notes(
      medium: #"{kind: chain, sites: 3, site: "q^2/2", hbar: 1.0}"#,
      bath: "kind: memory, terms: [{weight: 1.0, time: 0.0001}]",
      scales: scales)
    let qubit = try Self.notes(
      medium: #"{kind: levels, parts: [qubit], hamiltonian: "Z1/2"}"#,
      bath: "kind: lindblad, coupling: X1, spectrum: ohmic, rate: 0.001", scales: scales)
    #expect(!qubit.isEmpty && qubit.allSatisfy { $0.contains("faster than a power") }, "\(qubit)")
    // Friction reaches into every gap in the end, so of the chain only what is seen is said.
    #expect(held.allSatisfy { $0.contains("as far as it is seen") || $0.contains("as the power") }, "\(held)")
  }

  /// Nothing is said where the temperatures do not change in proportion, or too few of them are there.
  @Test func others() throws {
    let chain = "{kind: chain, sites: 3, pinning: 1.0, hbar: 1.0}"
    let bath = "kind: langevin, friction: 0.7"
    #expect(try Self.notes(medium: chain, bath: bath, isPaired: false).isEmpty)
    #expect(try Self.notes(medium: chain, bath: bath, scales: [0.01, 0.02, 0.04]).isEmpty)
    #expect(try !Self.notes(medium: chain, bath: bath, scales: [0.01, 0.02, 0.04, 0.08]).isEmpty)
  }
}
