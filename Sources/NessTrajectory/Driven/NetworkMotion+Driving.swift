import CVectorMath
import NessFormula

extension NetworkMotion {
  /// Before a step: work of the parameters that change, and the potentials of the step.
  func enter(_ driving: NetworkDriving) {
    let (phase, last) = (step % driving.steps, (step + driving.steps - 1) % driving.steps)
    let half = Lanes(repeating: 0.5 * dynamics.timeStep)
    var work = Lanes()
    for item in driving.items {
      if !driving.forcePlaces.contains(item.place) {
        if item.energies.isEmpty {
          work += change(item, from: last, to: phase, half)
        } else {
          work += energies(item, phase, half) - energies(item, last, half)
        }
      }
      if item.functions.isEmpty {
        compiled[item.place] = item.slopes[phase]
      } else {
        formulas[item.place] = item.functions[phase]
      }
    }
    sums[ledger.work] += work
    for (index, force) in driving.forces.enumerated() { drivenBefore[index] = velocity[force.site] }
    heatsBefore.update(from: sums, count: ledger.baths)
  }

  /// After a step: work of the forces, and the entropy of the heats.
  func leave(_ driving: NetworkDriving) {
    let phase = step % driving.steps
    let half = 0.5 * dynamics.timeStep
    for (index, force) in driving.forces.enumerated() {
      sums[ledger.work] += (drivenBefore[index] + velocity[force.site]) * (half * force.values[phase])
    }
    for (bath, inverse) in driving.inverseTemperatures.enumerated() {
      let mass = dynamics.bathed.network.masses[dynamics.bathed.baths[bath].site]
      let factor = 0.5 * mass * (inverse.count == 1 ? inverse[0] : inverse[phase])
      sums[ledger.entropy] -= (sums[bath] - heatsBefore[bath]) * factor
    }
  }

  /// The stretch of a bond or the displacement of a site, a time after.
  @inline(__always)
  private func stretch(_ element: (first: Int, second: Int), _ time: Lanes) -> Lanes {
    let second = ness_fma(time, velocity[element.second], displacement[element.second])
    if element.first < 0 { return second }
    return second - ness_fma(time, velocity[element.first], displacement[element.first])
  }

  /// Change of the energy of a polynomial from the coefficients of one step to those of another.
  private func change(_ item: NetworkDriving.Item, from last: Int, to phase: Int, _ time: Lanes) -> Lanes {
    var sum = Lanes()
    let (old, new) = (last * item.width, phase * item.width)
    for element in item.elements {
      let x = stretch(element, time)
      var value = Lanes()
      for power in stride(from: item.width - 1, through: 0, by: -1) {
        value = ness_fma(value, x, Lanes(repeating: item.coefficients[new + power] - item.coefficients[old + power]))
      }
      sum += value
    }
    return sum
  }

  /// Energy of all bonds or sites of a potential by the formula of a step, a time after.
  private func energies(_ item: NetworkDriving.Item, _ phase: Int, _ time: Lanes) -> Lanes {
    var sum = Lanes()
    var first = 0
    while first < item.elements.count {
      let count = min(NetworkPlan.tileSize, item.elements.count - first)
      for index in 0..<count { slopes[index] = stretch(item.elements[first + index], time) }
      item.energies[phase].evaluate(slopes, into: slopes, count: count, scratch: scratch)
      for index in 0..<count { sum += slopes[index] }
      first += count
    }
    return sum
  }

  /// Energy of sites, bonds and fields as they are now, forces apart [energy].
  func energyOfMedium(_ driving: NetworkDriving) -> Lanes {
    let phase = (step + driving.steps - 1) % driving.steps
    let network = dynamics.bathed.network
    var energy = Lanes()
    for site in 0..<dynamics.sites { energy += 0.5 * network.masses[site] * velocity[site] * velocity[site] }
    let moving = Set(driving.items.map(\.place))
    func add(_ potential: Int, _ x: Lanes) {
      if moving.contains(potential) { return }
      slopes[0] = x
      network.potentials[potential].energies.evaluate(slopes, into: slopes, count: 1, scratch: scratch)
      energy += slopes[0]
    }
    for field in network.fields { add(field.potential, displacement[field.site]) }
    for bond in network.bonds { add(bond.potential, displacement[bond.second] - displacement[bond.first]) }
    for item in driving.items where !driving.forcePlaces.contains(item.place) {
      if item.energies.isEmpty {
        for element in item.elements {
          let x = stretch(element, Lanes())
          var value = Lanes()
          for power in stride(from: item.width - 1, through: 0, by: -1) {
            value = ness_fma(value, x, Lanes(repeating: item.coefficients[phase * item.width + power]))
          }
          energy += value
        }
      } else {
        energy += energies(item, phase, Lanes())
      }
    }
    return energy
  }
}
