import NessFormula
import NessModel

/// Where potentials of a network are infinite: between these places a replica stays, whatever its energy.
struct PotentialWalls: Sendable {
  /// How far they are looked for, in ranges that a potential has at the temperature.
  private static let reach = 64.0
  /// What a step has to reflect: energies of so many temperatures are met once in some 10⁷ collisions.
  private static let depth = 16.0

  private struct Walls {
    let range: ClosedRange<Double>
    /// How near to one of them the energy is `depth` temperatures above its lowest; nil where it falls towards them [length].
    let approach: Double?
  }

  /// Of every potential, by its number in the network; nil without any.
  private let ofPotentials: [Walls?]
  /// The fields and bonds that have some.
  let fields: [SiteNetwork.Field]
  let bonds: [SiteNetwork.Bond]
  /// The angular frequency of a motion that is as fast as what comes to a wall and turns; 0 without walls [1/time].
  let angularFrequency: Double

  var isEmpty: Bool { fields.isEmpty && bonds.isEmpty }

  init(_ network: SiteNetwork, temperature: Double) {
    let found = network.potentials.map { Self.walls(of: $0, temperature: temperature) }
    ofPotentials = found
    fields = network.fields.filter { found[$0.potential] != nil }
    bonds = network.bonds.filter { found[$0.potential] != nil }
    // What moves freely by the distance in a step of a fifth of the inverse frequency does not get across.
    func frequency(_ potential: Int, inverseMass: Double) -> Double {
      guard let approach = found[potential]?.approach, approach > 0 else { return 0 }
      return 0.2 * (2 * Self.depth * temperature * inverseMass).squareRoot() / approach
    }
    let masses = network.masses
    angularFrequency = max(
      fields.reduce(0) { max($0, frequency($1.potential, inverseMass: 1 / masses[$1.site])) },
      bonds.reduce(0) { max($0, frequency($1.potential, inverseMass: 1 / masses[$1.first] + 1 / masses[$1.second])) })
  }

  /// Between which places a potential stays finite.
  subscript(potential: Int) -> ClosedRange<Double> { ofPotentials[potential]?.range ?? -.infinity ... .infinity }

  private static func walls(of potential: Potential, temperature: Double) -> Walls? {
    guard temperature > 0, case .general = potential.form, potential.formula.mayDiverge else { return nil }
    let range = ThermalRange(potential, temperature: temperature, depth: 1)
    let far = reach * (range.upper - range.lower)
    let places = [-far, far].map { potential.formula.divergence(of: potential.variable, from: 0, to: $0) }
    if places == [nil, nil] { return nil }
    let goal = range.lowest + depth * temperature
    let approaches = places.compactMap { $0 }.compactMap { wall -> Double? in
      var (near, share) = (1.0, 1.0)
      while potential.energy(wall * (1 - near)) < goal {
        near /= 2
        if near < 1e-12 { return nil }
      }
      // To a few percent; the place is not the nearest one where the energy has a maximum before the wall.
      for _ in 0..<5 {
        share /= 2
        let wider = near * (1 + share)
        if wider < 1, potential.energy(wall * (1 - wider)) >= goal { near = wider }
      }
      return near * abs(wall)
    }
    return Walls(
      range: (places[0] ?? -.infinity)...(places[1] ?? .infinity), approach: approaches.min())
  }
}
