import NessFiles
import NessModel
import NessStatistics
import NessStudy
import Testing

/// Where curves of several hbar part, as a study says it.
@Suite struct ClassicalPartingTests {
  private static func document(_ sweep: String, pinning: Double = 1) throws -> ResultDocument {
    let text = """
      medium: {kind: chain, sites: 8, pinning: \(pinning)}
      baths:
        left: {kind: langevin, temperature: 1.0, friction: 0.5}
        right: {kind: langevin, temperature: 0.1, friction: 0.5}
      sweep: \(sweep)

      """
    return try Study(try Experiment(yaml: text, file: "both.yaml"), threads: 1).theory()
  }

  private static func current(_ document: ResultDocument, _ values: [String: Double]) throws -> Double {
    let point = try #require(
      document.points.first { point in
        point.parameters.count == values.count && point.parameters.allSatisfy { values[$0.path] == $0.value }
      })
    return try #require(point.estimates.member(.heatCurrent, by: .markov)).estimate.value
  }

  /// Said is the last temperature at which they are apart, the first at which they are not, and the farthest point.
  @Test func temperatures() throws {
    let temperatures = [0.2, 0.8, 3.2, 12.8, 51.2]
    let found = try Self.document(
      "[{parameter: medium.hbar, values: [0.0, 0.05, 1.0]}, {parameter: baths.left.temperature, values: \(temperatures)}]"
    )
    let ratios = try temperatures.map { temperature in
      try Self.current(found, ["medium.hbar": 1, "baths.left.temperature": temperature])
        / Self.current(found, ["medium.hbar": 0, "baths.left.temperature": temperature])
    }
    let near = try #require(ratios.firstIndex { abs($0 - 1) <= 0.1 })
    #expect(near > 0 && ratios[near...].allSatisfy { abs($0 - 1) <= 0.1 }, "\(ratios)")
    let notes = found.notes.filter { $0.hasPrefix("markov") }
    #expect(notes.count == 2, "\(found.notes)")
    #expect(notes[0].contains("with medium.hbar = 0.05 the current is within a tenth of the classical one everywhere"))
    #expect(
      notes[1]
        == "markov: with medium.hbar = 1 the current leaves the classical one by more than a tenth for baths.left.temperature "
        + "up to \(temperatures[near - 1].short), and is nearer from \(temperatures[near].short) on; at baths.left.temperature = 0.2 it is "
        + "\(ratios[0].text(digits: 3)) of it", "\(notes)")
  }

  /// Over hbar alone, and not where nothing is classical.
  @Test func planck() throws {
    let found = try Self.document("{parameter: medium.hbar, values: [0.0, 0.1, 0.5, 4.0]}")
    let notes = found.notes.filter { $0.hasPrefix("markov") }
    #expect(
      notes.count == 1 && notes[0].contains("is within a tenth of the classical one for medium.hbar up to"), "\(notes)")
    let quantum = try Self.document("{parameter: medium.hbar, values: [0.1, 0.5, 4.0]}")
    #expect(quantum.notes.isEmpty)
    let other = try Self.document("{parameter: medium.pinning.left, values: [0.1, 0.5, 4.0]}")
    #expect(other.notes.isEmpty)
  }
}
