import Ness

/// Where does a hotter bath give less heat? A chain between hot particles and a Langevin bath, by theory and by simulation.
/// `--yaml` prints the experiment as a file for the command `ness`, `--json` the results as it prints them.
@main
enum HeatCurrent {
  static func main() throws {
    var study = try Study([
      "title": "Hot particles",
      "medium": ["kind": "chain", "sites": 3, "pinning": 1.0],
      "baths": [
        "left": ["kind": "particles", "temperature": 20.0, "friction": 0.1, "coupling": 0.2],
        "right": ["kind": "langevin", "temperature": 10.0, "friction": 1.0],
      ],
      "run": ["targetError": 0.05],
    ])
    try study.sweep("baths.left.temperature", from: 12, to: 100, points: 4, isLogarithmic: true)
    if CommandLine.arguments.contains("--yaml") { return print(study.yaml, terminator: "") }

    let results = try study.run()
    if CommandLine.arguments.contains("--json") { return print(try results.json(), terminator: "") }
    for point in results.points {
      guard let simulated = point.value(of: "heatCurrent", by: "simulation"),
        let theory = point.value(of: "heatCurrent", by: "memory"), let z = simulated.z(against: theory)
      else { continue }
      let temperature = point.parameters["baths.left.temperature"] ?? 0
      print("T_L = \(temperature): J = \(simulated.value) ± \(simulated.uncertainty), z = \(z)")
    }
    for verdict in results.verdicts { print("\(verdict.method): \(verdict)") }
  }
}
