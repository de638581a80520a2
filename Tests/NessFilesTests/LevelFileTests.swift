import NessFiles
import Testing

/// Systems of levels as files give them.
@Suite struct LevelFileTests {
  /// A Hamiltonian as a matrix, and qubits by their number within a list.
  @Test func files() throws {
    func faults(_ matrix: String) -> String {
      let text = """
        medium: {kind: levels, parts: [qubit, {qubits: 1}], hamiltonian: \(matrix)}
        baths:
          left: {kind: lindblad, temperature: 1.0, coupling: X1, spectrum: ohmic, rate: 0.01}
          right: {kind: lindblad, temperature: 2.0, coupling: X2, spectrum: ohmic, rate: 0.01}
        """
      do {
        _ = try Experiment(yaml: text, file: "f.yaml")
        return ""
      } catch { return "\(error)" }
    }
    #expect(faults("[[1, 0, 0, 0], [0, 0, 0.5, 0], [0, 0.5, 0, 0], [0, 0, 0, -1]]") == "")
    #expect(faults("[[1, 0.5], [0.5, 1]]").contains("medium.hamiltonian: found a matrix of 2 levels, expected 4 rows"))
    func three(_ parts: String) throws -> Experiment {
      try Experiment(
        yaml:
          "medium: {kind: levels, parts: \(parts), hamiltonian: [[0, 1, 0], [1, 1, 0], [0, 0, 2]]}\nbaths:\n  a: {kind: lindblad, "
          + "temperature: 1, rate: 1, spectrum: ohmic, coupling: [[0, 0, 1], [0, 0, 1], [1, 1, 0]]}\n", file: "f.yaml",
        directory: nil)
    }
    let inList = try three("[{levels: 3}]")
    #expect(try Experiment(yaml: inList.yaml(), file: "f.yaml", directory: nil) == inList)
    // One part needs no list, and twelve qubits are 4096 levels.
    #expect(try three("{levels: 3}") == inList)
    func qubits(_ count: Int) throws -> Experiment {
      try Experiment(
        yaml:
          "medium: {kind: levels, parts: {qubits: \(count)}, hamiltonian: Z1}\nbaths:\n  a: {kind: lindblad, temperature: 1, rate: 1, "
          + "spectrum: ohmic, coupling: X1}\n", file: "f.yaml", directory: nil)
    }
    #expect(throws: Never.self) { try qubits(12) }
    #expect(throws: (any Error).self) { try qubits(13) }
    #expect(faults("[[1, 0.5], [0.4, 1]]").contains("a symmetric matrix"))
    #expect(faults("[[1, 0.5], [0.5]]").contains("medium.hamiltonian: found 1 numbers in row 2 of 2"))
    #expect(faults("[[1, a], [0.5, 1]]").contains("found the text \"a\" in a matrix"))
  }

  /// A spectrum without a rate at a distance of levels that its bath joins: told at its line before anything is computed, and along a
  /// sweep at the value that makes it so.
  @Test func spectraInsideTheSystem() throws {
    func faults(_ spectrum: String, _ sweep: String = "", g: Double = 0.1) -> String {
      let text = """
        medium: {kind: levels, parts: [qubit, qubit], hamiltonian: "0.5*Z1 + 0.6*Z2 + g*X1*X2", parameters: {g: \(g)}}
        baths:
          left: {kind: lindblad, temperature: 1.0, coupling: X1, rate: 0.01, spectrum: \(spectrum)}
          right: {kind: lindblad, temperature: 0.5, coupling: X2, spectrum: ohmic, rate: 0.01}
        \(sweep)
        """
      do {
        _ = try Experiment(yaml: text, file: "f.yaml")
        return ""
      } catch { return "\(error)" }
    }
    // Levels at +- sqrt(0.01 + g²) and +- sqrt(1.21 + g²): X1 joins those that are their difference and their sum apart.
    let (inner, outer) = ((0.01 + 0.01).squareRoot(), (1.21 + 0.01).squareRoot())
    let (low, high) = (outer - inner, outer + inner)
    let ending = faults("[[0, 0.1], [0.5, 0.2]]")
    #expect(ending.contains("f.yaml:3:") && ending.contains("baths.left.spectrum: found a table from 0 to 0.5"))
    #expect(ending.contains("the angular frequency 1.246") && ending.contains("(extend the table"))
    let beginning = faults("[[1.1, 0.1], [50, 0.2]]")
    #expect(beginning.contains("frequency 0.9631") && beginning.contains("(let the table begin lower)"))
    #expect(faults("[[0, 0.1], [\(high - 1e-6), 0.2]]") != "" && faults("[[\(low + 1e-6), 0.1], [9, 0.2]]") != "")
    #expect(faults("[[\(low - 1e-6), 0.1], [\(high + 1e-6), 0.2]]") == "")
    let negative = faults("w - 1")
    #expect(
      negative.contains("f.yaml:3:") && negative.contains("where it is -0.03689: at the angular frequency 0.9631"))
    #expect(faults("\"sqrt(w - 100)\"").contains("where it is no number: at the angular frequency 0.9631"))
    #expect(faults("\"max(0, w - 1)\"") == "")
    let table = "[[0, 0.1], [1.5, 0.2]]"
    #expect(faults(table) == "")
    let along = faults(table, "sweep: {parameter: medium.parameters.g, values: [0.1, 0.2, 0.7]}")
    #expect(along.contains("f.yaml:5:") && along.contains("0.7") && along.contains("extend the table"))
  }

  /// A medium without a kind is told once: what else is wrong is judged by the kind whose keys it has.
  @Test func withoutKind() {
    let text = """
      medium: {parts: [qubit, qubit], hamiltonian: "0.5*Z1 + g*X1*X2", parameters: {g: 0.1}}
      baths:
        left: {kind: lindblad, temperature: 1.0, coupling: X1, rate: 0.01, spectrum: ohmic}
        right: {kind: lindblad, temperature: 0.5, coupling: X3, spectrum: ohmic, rate: 0.01}
      sweep: {parameter: medium.parameters.g, values: [0.1, 0.2]}
      """
    do {
      _ = try Experiment(yaml: text, file: "f.yaml")
      Issue.record("a medium without a kind")
    } catch {
      let lines = "\(error)".split(separator: "\n")
      #expect(lines.count == 2 && lines[0].contains("medium.kind: found no such key"), "\(error)")
      #expect(lines.last?.contains("baths.right.coupling: found X3") == true)
    }
  }
}
