import NessFormula
import NessModel
import Testing

@Suite("Networks: from what a file says to masses, bonds and fields")
struct NetworkTests {
  @Test(
    "Lattices have the pairs that they are known for",
    arguments: [
      (Lattice.chain(4), 4, 3), (.ring(5), 5, 5), (.ladder(3), 6, 7), (.square(columns: 3, rows: 2), 6, 7),
      (.cube(2, 3, 4), 24, 46), (.star(6), 6, 5), (.complete(5), 5, 10), (.sites(3), 3, 0), (.chain(1), 1, 0),
    ])
  func lattices(lattice: Lattice, sites: Int, bonds: Int) {
    let pairs = lattice.pairs
    #expect(lattice.count == sites && pairs.count == bonds && lattice.bondCount == bonds)
    #expect(pairs.allSatisfy { 0 <= $0.0 && $0.0 < $0.1 && $0.1 < sites })
    #expect(Set(pairs.map { [$0.0, $0.1] }).count == bonds)
    // All but single sites are of one piece.
    let network = Network(lattice: lattice)
    #expect(network.faults.isEmpty && network.form.components.count == (lattice == .sites(3) ? 3 : 1))
  }

  @Test("Every number of sites around a ring has two neighbours, of a cube 3 to 6")
  func neighbours() {
    func degrees(_ lattice: Lattice) -> [Int] {
      var degrees = [Int](repeating: 0, count: lattice.count)
      for (first, second) in lattice.pairs {
        degrees[first] += 1
        degrees[second] += 1
      }
      return degrees
    }
    #expect(degrees(.ring(7)) == Array(repeating: 2, count: 7))
    let cube = degrees(.cube(3, 3, 3))
    #expect(cube[0] == 3 && cube[13] == 6 && cube.reduce(0, +) == 2 * 54)
  }

  @Test("Masses: a number, a list, a formula, and drawn ones that belong to the seed")
  func masses() {
    #expect(Network(lattice: .chain(3), mass: .number(2)).form.masses == [2, 2, 2])
    #expect(Network(lattice: .chain(3), mass: .list([1, 2, 3])).form.masses == [1, 2, 3])
    #expect(Network(lattice: .chain(3), mass: .formula("1 + (j - 1)/2")).form.masses == [1, 1.5, 2])
    let drawn = Network(lattice: .chain(400), mass: .uniform(from: 0.8, to: 1.2, seed: 7)).form.masses
    #expect(drawn == Network(lattice: .chain(400), mass: .uniform(from: 0.8, to: 1.2, seed: 7)).form.masses)
    #expect(drawn != Network(lattice: .chain(400), mass: .uniform(from: 0.8, to: 1.2, seed: 8)).form.masses)
    // A site keeps its mass in a longer chain.
    #expect(
      Array(drawn.prefix(10)) == Network(lattice: .chain(10), mass: .uniform(from: 0.8, to: 1.2, seed: 7)).form.masses)
    #expect(drawn.allSatisfy { 0.8 < $0 && $0 <= 1.2 })
    let mean = drawn.reduce(0, +) / 400
    #expect(abs(mean - 1) < 4.9 * 0.4 / 12.0.squareRoot() / 20)
    let rules = [SiteRule(sites: [2...3], mass: .number(5)), SiteRule(sites: [3...3], mass: .formula("j"))]
    #expect(Network(lattice: .chain(4), at: rules).form.masses == [1, 5, 3, 1])
  }

  @Test("Segments, a joint, a bond by hand, a wall and a graded field are where they were put")
  func segments() throws {
    let network = Network(
      lattice: .chain(6), site: "j*q^2/2", parameters: [.init("k", 2), .init("c", 0.1)],
      bonds: [BondRule(between: 4, 3, potential: "c*r^2/2"), BondRule(between: 1, 6, weight: 0.5)],
      at: [SiteRule(sites: [4...6], site: "0", bond: "k*r^2/2")], walls: WallRule(left: true))
    let form = network.form
    func stiffness(_ first: Int, _ second: Int) -> Double {
      form.bonds.filter { $0.first == first && $0.second == second }
        .reduce(0) { $0 + form.potentials[$1.potential].curvature(0) }
    }
    #expect(
      [stiffness(0, 1), stiffness(1, 2), stiffness(2, 3), stiffness(3, 4), stiffness(4, 5)] == [1, 1, 0.1, 2, 2])
    #expect(stiffness(0, 5) == 0.5)
    let fields = form.fields.map { ($0.site, form.potentials[$0.potential].curvature(0)) }
    // Site 1 has its field and the wall; the last three have none.
    #expect(fields.map(\.0) == [0, 0, 1, 2] && fields.map(\.1).sorted() == [1, 1, 2, 3])
    #expect(form.pairs.map { "\($0.first + 1)-\($0.second + 1)" } == ["1-2", "1-6", "2-3", "3-4", "4-5", "5-6"])
    #expect(form.isHarmonic && !Network(lattice: .chain(2), bond: "r^4/4").form.isHarmonic)
  }

  @Test("Walls push towards the middle, whatever the potential")
  func walls() {
    let form = Network(lattice: .chain(2), bond: "exp(-r) + r - 1", walls: WallRule(left: true, right: true)).form
    let potential = form.fields.map { form.potentials[$0.potential] }
    // r = q at the left wall and -q at the right one: V'(r) = 1 - exp(-r).
    #expect(abs(potential[0].slope(0.3) - (1 - 0.7408182206817179)) < 1e-15)
    #expect(abs(potential[1].slope(0.3) - (1.3498588075760032 - 1)) < 1e-15)
  }

  @Test("A wall, and a bond with a factor, take a formula as long as any")
  func longFormulas() {
    let long = "r^2/2" + String(repeating: " + 0*r", count: (Formula.longestText - 5) / 6)
    let form = Network(
      lattice: .chain(3), bond: long, bonds: [BondRule(between: 1, 3, weight: 0.5)], walls: WallRule(right: true)
    ).form
    #expect(form.fields.map(\.site) == [2])
    #expect(form.bonds.map { form.potentials[$0.potential].curvature(0) } == [1, 0.5, 1])
  }

  @Test("Every fault at once, each at its key")
  func faults() throws {
    func keys(_ network: Network) -> [String] { network.faults.map(\.parameter) }
    #expect(keys(Network(lattice: .ring(2))) == ["lattice.ring"])
    #expect(keys(Network(lattice: .cube(1000, 1000, 1000))) == ["lattice.cube"])
    #expect(keys(Network(lattice: .complete(100_000))) == ["lattice.complete"])
    #expect(keys(Network(lattice: .chain(3), mass: .list([1, 2]))) == ["mass"])
    #expect(keys(Network(lattice: .chain(3), mass: .list([1, -2, 1]))) == ["mass[1]"])
    #expect(keys(Network(lattice: .chain(3), mass: .formula("2 - j"))) == ["mass"])
    #expect(keys(Network(lattice: .chain(3), mass: .uniform(from: 2, to: 1, seed: 1))) == ["mass.uniform"])
    let bad = Network(
      lattice: .chain(3), bond: "k*r^2/2", site: "1/q", parameters: [.init("q", 1), .init("a", .nan)],
      bonds: [
        BondRule(between: 1, 1), BondRule(between: 1, 9), BondRule(between: 1, 2), BondRule(between: 2, 1),
        BondRule(between: 1, 3, potential: "log(r)"),
      ])
    #expect(
      Set(keys(bad)).isSuperset(of: ["parameters.q", "parameters.a", "bond", "bonds[0]", "bonds[1]", "bonds[3]"]))
    let singular = Network(
      lattice: .chain(3), site: "1/q", bonds: [BondRule(between: 1, 3, potential: "log(r)")])
    #expect(Set(keys(singular)) == ["site", "bonds[0].potential"])
    let unknown = try #require(
      Network(lattice: .chain(3), bond: "k*r^2/2 + bta*r^4", parameters: [.init("k", 1), .init("beta", 1)]).faults.first
    )
    #expect(unknown.offset == 10 && unknown.found.contains("bta") && unknown.remedy?.contains("beta") == true)
    #expect(keys(Network(lattice: .square(columns: 2, rows: 2), walls: WallRule(left: true))) == ["walls"])
    #expect(keys(Network(lattice: .chain(3), at: [SiteRule(sites: [3...4])])) == ["at[0].sites"])
  }

  @Test("A part that no bond joins to a bath is refused by name")
  func parts() throws {
    let bath = NetworkBath(LangevinBath(temperature: 1, friction: 1))
    func model(_ network: Network, _ sites: [Int]) throws(ModelError) -> NetworkModel {
      try Model(medium: network, attachments: sites.map { .init(name: "b\($0)", site: $0, bath: bath) })
    }
    let broken = Network(lattice: .chain(4), bonds: [BondRule(between: 2, 3, potential: "0")])
    #expect(throws: Never.self) { try model(broken, [1, 4]) }
    let error = #expect(throws: ModelError.self) { try model(broken, [1]) }
    #expect(error?.faults.first?.found.contains("sites 3, 4") == true)
  }
}
