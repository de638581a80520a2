import NessFormula
import NessModel

extension NetworkMotion {
  private static let remedy =
    "Give a shorter run.timeStep, a lower temperature, or a potential that keeps it inside"

  /// Why a displacement is where no motion leads, behind a place at which a potential is infinite; nil if none is.
  func behindWall(firstReplica: Int) -> String? {
    let walls = dynamics.walls
    func words(_ potential: Int, _ x: Lanes, _ place: String) -> String? {
      let range = walls[potential]
      guard let lane = (0..<8).first(where: { x[$0] < range.lowerBound || x[$0] > range.upperBound }) else {
        return nil
      }
      let law = dynamics.bathed.network.potentials[potential]
      let wall = x[lane] < range.lowerBound ? range.lowerBound : range.upperBound
      return
        "the potential \(law.formula.asWritten) of \(place) is infinite at \(law.variable) = \(wall.text(digits: 4)), and replica \(firstReplica + lane) "
        + "is behind it, at \(x[lane].text(digits: 4)), at time \((Double(step) * dynamics.timeStep).short): one step led across. \(Self.remedy)"
    }
    for field in walls.fields {
      if let found = words(field.potential, displacement[field.site], "site \(field.site + 1)") { return found }
    }
    for bond in walls.bonds {
      let x = displacement[bond.second] - displacement[bond.first]
      let place = "the bond of sites \(bond.first + 1) and \(bond.second + 1)"
      if let found = words(bond.potential, x, place) { return found }
    }
    return nil
  }

  /// Why the energy that was read last is no number in a lane: a displacement at which a formula has no value; nil if it is one.
  func outsideDomain(firstReplica: Int) -> String? {
    let energy = sums[ledger.energy]
    return (0..<8).first { energy[$0].isNaN }.flatMap { outsideDomain(lane: $0, firstReplica: firstReplica) }
  }

  /// The displacement in a lane at which a formula has no value; nil if there is none.
  func outsideDomain(lane: Int, firstReplica: Int) -> String? {
    let network = dynamics.bathed.network
    func words(_ potential: Int, _ x: Double, _ place: String) -> String? {
      let law = network.potentials[potential]
      guard law.energy(x).isNaN else { return nil }
      let time = Double(step) * dynamics.timeStep
      return
        "the potential \(law.formula.asWritten) of \(place) has no value at \(law.variable) = \(x.text(digits: 4)), where replica \(firstReplica + lane) is at time \(time.short): "
        + "it has left the domain of the formula in one step. \(Self.remedy)"
    }
    return network.fields.lazy.compactMap {
      words($0.potential, self.displacement[$0.site][lane], "site \($0.site + 1)")
    }.first
      ?? network.bonds.lazy.compactMap {
        words(
          $0.potential, self.displacement[$0.second][lane] - self.displacement[$0.first][lane],
          "the bond of sites \($0.first + 1) and \($0.second + 1)")
      }.first
  }
}
