import NessFormula
import NessModel

/// A network model as linear theory sees it: springs, and the forces at q = 0 that move its place of rest.
struct EliminatedNetwork {
  let harmonic: HarmonicNetwork
  /// Force on every site at q = 0 [mass length/time²].
  let forces: [Double]
  /// The joined pairs of sites, as the springs are ordered.
  let pairs: [(first: Int, second: Int)]
  /// How the baths stand among the contacts.
  let driven: DrivenContacts
  let form: SiteNetwork

  /// - Precondition: every potential is harmonic (`linearityReason`).
  init(_ model: NetworkModel, _ form: SiteNetwork, withMemory: Bool) {
    self.form = form
    let curvatures = form.potentials.map { $0.curvature(0) }
    let slopes = form.potentials.map { $0.slope(0) }
    var (held, forces) = ([Double](repeating: 0, count: form.sites), [Double](repeating: 0, count: form.sites))
    for field in form.fields {
      held[field.site] += curvatures[field.potential]
      forces[field.site] -= slopes[field.potential]
    }
    let pairs = form.pairs
    var springs: [HarmonicNetwork.Bond] = []
    var start = 0
    for pair in pairs {
      var stiffness = 0.0
      while start < form.bonds.count, (form.bonds[start].first, form.bonds[start].second) == pair {
        stiffness += curvatures[form.bonds[start].potential]
        forces[pair.first] += slopes[form.bonds[start].potential]
        forces[pair.second] -= slopes[form.bonds[start].potential]
        start += 1
      }
      springs.append(.init(pair.first, pair.second, stiffness: stiffness))
    }
    self.pairs = pairs
    self.forces = forces
    driven = DrivenContacts(model, masses: form.masses, withMemory: withMemory)
    harmonic = HarmonicNetwork(
      masses: form.masses, bonds: springs, siteStiffness: held,
      contacts: driven.contacts, hbar: model.medium.hbar)
  }

  /// Sites of the first part that nothing holds; nil if all are held.
  var freePart: [Int]? {
    let held = harmonic.heldStiffness
    return harmonic.parts.first { part in part.allSatisfy { held[$0] == 0 } }
  }

  /// Why there is no steady state of linear theory; nil if there is one.
  func stabilityReason(particleBaths names: [String]) -> String? {
    let held = harmonic.heldStiffness
    for part in harmonic.parts where part.allSatisfy({ held[$0] == 0 }) {
      // The forces of bonds within it cancel.
      let members = Set(part)
      let fields = form.fields.filter { members.contains($0.site) }
      let slopes = fields.map { form.potentials[$0.potential].slope(0) }
      let force = -slopes.reduce(0, +)
      if abs(force) > 1e-14 * slopes.reduce(0, { $0 + abs($1) }) {
        return "a force of \(force.text(digits: 6)) drives \(siteWords(part)), which nothing holds: it drifts for ever"
      }
    }
    // Without a negative spring every deformation costs energy.
    if held.allSatisfy({ $0 >= 0 }) && harmonic.bonds.allSatisfy({ $0.stiffness >= 0 }) { return nil }
    do {
      let springs = SpringEnergy(harmonic)
      for part in harmonic.parts { _ = try springs.modes(of: part) }
      return nil
    } catch {
      let softened = harmonic.contacts.contains { $0.stiffnessShift < 0 }
      let culprit =
        softened ? "the outward push of the particles of \(names.joined(separator: ", ")) may be the cause; " : ""
      return "\(error); \(culprit)linear theory has no steady state there"
    }
  }
}

extension Model<Network> {
  /// Why there is no linear theory of a network; nil if all its potentials are harmonic.
  func linearityReason(_ form: SiteNetwork) -> String? {
    func words(_ potential: Potential, _ place: String) -> String {
      "the potential \(potential.formula.asWritten) of \(place) is not harmonic, and linear theory needs harmonic ones; the full simulation "
        + "remains valid"
    }
    for bond in form.bonds where !form.potentials[bond.potential].isHarmonic {
      return words(form.potentials[bond.potential], "the bond of sites \(bond.first + 1) and \(bond.second + 1)")
    }
    for field in form.fields where !form.potentials[field.potential].isHarmonic {
      return words(form.potentials[field.potential], "site \(field.site + 1)")
    }
    for potential in form.potentials where !potential.curvature(0).isFinite || !potential.slope(0).isFinite {
      return "the potential \(potential.formula.asWritten) has no finite slope and curvature at 0"
    }
    return nil
  }

  /// Whether a bath has memory.
  package var networkRemembers: Bool { attachments.contains { !$0.bath.frictionKernel(mass: 1).terms.isEmpty } }
}
