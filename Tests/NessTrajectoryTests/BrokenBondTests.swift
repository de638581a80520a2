import NessFormula
import NessModel
import NessSampling
import NessTrajectory
import Testing

/// Bonds that break in a run are told: without that a mean over all that drifts away looks like a number.
@Suite("Broken bonds") struct BrokenBondTests {
  /// Three sites, the first one held; a bond of a depth between the second and the third, in units of length and temperature.
  private func notes(
    bond: String, site: String = "k*q^2/2", everywhere: Bool = false, temperature: Double = 1, length: Double = 1
  ) throws -> [String] {
    let k = temperature / length / length
    let rule = SiteRule(sites: [1...1], site: site)
    let medium = Network(
      lattice: .chain(3), bond: "k*r^2/2", site: everywhere ? site : nil,
      parameters: [.init("k", k), .init("T", temperature), .init("l", length)],
      bonds: [.init(between: 2, 3, potential: bond)], at: everywhere ? [] : [rule])
    let friction = k.squareRoot()
    let attachments = [1, 3].map { site -> NetworkModel.Attachment in
      let bath = LangevinBath(temperature: (site == 1 ? 1 : 0.5) * temperature, friction: friction)
      return .init(name: site == 1 ? "left" : "right", site: site, bath: NetworkBath(bath))
    }
    let model = try Model(medium: medium, attachments: attachments)
    let time = length / temperature.squareRoot()
    let settings = TrajectorySettings(
      seed: 4, replicas: 32, timeStep: 0.05 * time, burnIn: 20 * time, duration: 400 * time, threads: 2)
    return try NetworkTrajectorySolver(settings).simulate(BathedNetwork(model)).answer.notes
  }

  private func isTold(_ notes: [String], _ what: String = "bond of sites 2 and 3") -> Bool {
    notes.contains { $0.hasPrefix("warning: the \(what)") && $0.contains("has let go in") }
  }

  /// V = D (1 - exp(-a r))²: at a depth of T it breaks soon, at 40 T never. A well 1 - exp(-r²) lets go on both sides.
  @Test(arguments: [1, 1e-20]) func whatBreaksIsTold(scale: Double) throws {
    let (temperature, length) = (scale, 3 * scale)
    func told(_ bond: String, everywhere: Bool = false) throws -> Bool {
      isTold(try notes(bond: bond, everywhere: everywhere, temperature: temperature, length: length))
    }
    #expect(try told("T*(1 - exp(-r/l))^2"))
    #expect(try told("T*(1 - exp(-r^2/l^2))"))
    #expect(try !told("40*T*(1 - exp(-r/l))^2"))
    // What only stretches, turns, or is held otherwise does not drift.
    #expect(try !told("0.01*k*r^2/2"))
    #expect(try !told("T*(1 - cos(r/l))"))
    #expect(try !told("T*log(cosh(r/l))"))
    #expect(try !told("T*(1 - exp(-r/l))^2", everywhere: true))
  }

  /// A field is a bond to what never moves.
  @Test func fieldsLetGoToo() throws {
    let loose = try notes(bond: "k*r^2/2", site: "T*(1 - exp(-q^2/l^2))")
    #expect(isTold(loose, "potential of site 1"))
    #expect(!isTold(try notes(bond: "k*r^2/2"), "potential of site 1"))
  }
}
