import NessModel

/// A driven network between baths as the engine sees it.
package struct DrivenSystem: Sendable {
  package let model: DrivenModel
  package let form: DrivenForm
  /// The network with its forces, and every bath at the highest temperature that it has.
  package let bathed: BathedNetwork
  /// Of the stiffest network of a period, at these temperatures.
  package let scales: NetworkScales

  /// Times of a period at which it is looked at.
  private static let looks = 16

  package init(_ model: DrivenModel) {
    self.model = model
    let form = model.medium.form
    self.form = form
    let baths = model.attachments.enumerated().map { index, attachment -> BathedNetwork.Bath in
      let highest =
        model.medium.course.temperatures[attachment.name] == nil
        ? attachment.bath.temperature
        : (0..<256).map { model.temperature(ofBath: index, at: form.period * Double($0) / 256) }.max() ?? 0
      return .init(name: attachment.name, site: attachment.site - 1, law: attachment.bath.at(temperature: highest))
    }
    bathed = BathedNetwork(form.network, baths)
    let forces = form.forces
    let all = (0..<Self.looks).map { look -> NetworkScales in
      let network = form.network(at: form.period * (Double(look) + 0.5) / Double(Self.looks))
      let still = SiteNetwork(
        masses: network.masses, potentials: network.potentials, bonds: network.bonds,
        fields: network.fields.filter { !forces.contains($0.potential) })
      return NetworkScales(BathedNetwork(still, baths))
    }
    scales = all.max { $0.highestAngularFrequency < $1.highestAngularFrequency } ?? NetworkScales(bathed)
  }

  /// [time]
  package var period: Double { form.period }
  /// Highest temperature of every bath, in the order of the model [energy].
  var references: [Double] { bathed.baths.map(\.law.temperature) }
  /// Whether each site is held in place, by more than forces.
  var isHeld: [Bool] { BathedNetwork(form.withoutForces, bathed.baths).isHeld }

  /// Steps of a length in a period.
  package func steps(timeStep: Double) -> Int { Int((period / timeStep).rounded()) }

  /// The longest step up to a length of which a tick is a whole number in a period: 64 steps, or a multiple.
  package func timeStep(atMost step: Double) -> Double {
    let ticks = max(1, (period / (Double(NetworkLedger.stepsPerTick) * step) * (1 - 1e-12)).rounded(.up))
    let unit = period / Double(NetworkLedger.stepsPerTick)
    // Of a 64th of the period as many parts; times between possible collisions are whole numbers of them, where that can be.
    return unit / scales.steps(in: unit, atLeast: ticks)
  }

  /// Why a step does not fit into the period; nil if it does.
  package func stepReason(_ step: Double) -> String? {
    let ticks = period / (Double(NetworkLedger.stepsPerTick) * step)
    if ticks > 0.5, ticks < 1e9, abs(ticks - ticks.rounded()) <= 1e-9 * ticks { return nil }
    let shorter = timeStep(atMost: step)
    let longer = ticks > 1 ? period / (Double(NetworkLedger.stepsPerTick) * ticks.rounded(.down)) : nil
    return
      "time step \(step): the period \(period.text(digits: 10)) must be \(NetworkLedger.stepsPerTick) steps or a whole multiple of that: "
      + "give run.timeStep \(shorter.text(digits: 15))\(longer.map { " or \($0.text(digits: 15))" } ?? "")"
  }

  /// Work of one step of one replica, in particle-steps.
  package var workOfAStep: Double {
    bathed.workOfAStep + 0.5 * Double(form.driven.reduce(0) { $0 + elements($1.place) }) + 2
  }

  private func elements(_ place: Int) -> Int {
    form.network.bonds.count { $0.potential == place } + form.network.fields.count { $0.potential == place }
  }
}
