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
    let three = try Experiment(
      yaml:
        "medium: {kind: levels, parts: [{levels: 3}], hamiltonian: [[0, 1, 0], [1, 1, 0], [0, 0, 2]]}\nbaths:\n  a: {kind: lindblad, "
        + "temperature: 1, rate: 1, spectrum: ohmic, coupling: [[0, 0, 1], [0, 0, 1], [1, 1, 0]]}\n", file: "f.yaml",
      directory: nil)
    #expect(try Experiment(yaml: three.yaml(), file: "f.yaml", directory: nil) == three)
    #expect(faults("[[1, 0.5], [0.4, 1]]").contains("a symmetric matrix"))
    #expect(faults("[[1, 0.5], [0.5]]").contains("medium.hamiltonian: found 1 numbers in row 2 of 2"))
    #expect(faults("[[1, a], [0.5, 1]]").contains("found the text \"a\" in a matrix"))
  }
}
