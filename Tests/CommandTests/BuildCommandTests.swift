import Foundation
import Testing

@Suite("Whatever is built, and wherever it runs")
struct BuildCommandTests {
  #if os(Linux) && arch(x86_64)
    /// Without the setting of the program these kernels give other last digits.
    @Test("theory has the same bytes whatever OpenBLAS kernels the environment asks for")
    func kernels() throws {
      let place = try Workplace()
      try place.write(
        "box.yaml",
        """
        medium: {kind: quantumBox, length: 1.0, levels: 12}
        baths:
          left: {kind: lindblad, temperature: 40.0, coupling: wall, spectrum: metropolis}
          right: {kind: lindblad, temperature: 10.0, coupling: wall, spectrum: metropolis}
        """)
      let outputs = try ["", "OPENBLAS_CORETYPE=Prescott ", "OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell "].map {
        let outcome = try Program.run(
          ["theory", "box.yaml", "--method", "local", "--format", "json"], in: place,
          throughShell: "\($0)exec \"$0\" \"$@\"")
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
      }
      #expect(outputs[0].count > 1000 && Set(outputs).count == 1)
    }
  #endif

  @Test("the program without the explorer computes the same, and says where the explorer is")
  func withoutExplorer() throws {
    let place = try Workplace()
    try place.write("small.yaml", SampleText.small)
    let other = "exec \"$(dirname \"$0\")/NessWithoutExplorer\" \"$@\""
    let refused = try Program.run(["serve", "--port", "0", "--store", "results"], in: place, throughShell: other)
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(refused.errors.contains("without the explorer") && refused.errors.contains("make build"))
    let theory = ["theory", "small.yaml", "--format", "json"]
    let both = try [Program.run(theory, in: place), Program.run(theory, in: place, throughShell: other)]
    #expect(both[0].status == 0 && both[0].output == both[1].output)
    // Only this one command tells them apart.
    let help = try [Program.run(["--help"], in: place), Program.run(["--help"], in: place, throughShell: other)]
      .map { $0.text.split(separator: "\n").filter { !$0.contains("  serve ") } }
    #expect(help[0].count > 50 && help[1].allSatisfy(Set(help[0]).contains))
  }
}
