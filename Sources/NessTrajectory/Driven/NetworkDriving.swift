import CVectorMath
import NessFormula
import NessModel

/// A drive made ready for stepping: what changes at every step of a period, computed once.
///
/// The kick of step n is at the time (n + 1/2) h; the parameters of the step before become those of this one at n h, in the middle
/// of the drift between them. What the energy changes then, at the displacements that the sites have in that moment, is work of the
/// drive. A force does the work F (v + v') h/2 in the kick, v and v' the velocities before and after.
package final class NetworkDriving: Sendable {
  /// A potential that changes, with the bonds or sites that have it.
  struct Item: Sendable {
    let place: Int
    /// First and second sites of bonds; of a field -1 and its site.
    let elements: [(first: Int, second: Int)]
    /// What each step has in place of the compiled slope; empty where it is not compiled.
    let slopes: [ness_slope]
    /// What each step has in place of the slope by formula; empty where it is compiled.
    let functions: [LaneSlope]
    /// V of each step by formula; empty for a polynomial.
    let energies: [LaneFunction]
    /// V of each step from the constant upwards, `width` numbers each; empty for what is no polynomial.
    let coefficients: [Double]
    let width: Int
  }

  struct Force: Sendable {
    let site: Int
    let values: [Double]
  }

  /// Steps in a period.
  package let steps: Int
  let items: [Item]
  let forces: [Force]
  /// Places of the potentials of forces, which are no energy of the medium.
  let forcePlaces: Set<Int>
  /// For every sub-step on a momentum, by what its noise is multiplied at each step of a period; nil for nothing.
  let noise: [[Double]?]
  /// 1/T of every bath at each step, or one for all; empty where heats over temperatures are no entropy.
  let inverseTemperatures: [[Double]]
  /// Scratch that its formulas need.
  let scratchLength: Int

  /// Most potentials by formula of all steps.
  private static let mostFormulas = 40_000

  /// Why so many steps of a period cannot be prepared; nil if they can.
  static func workReason(_ form: DrivenForm, steps: Int) -> String? {
    let general = form.driven.count { $0.polynomial == nil }
    guard general * steps > mostFormulas || form.driven.count * steps > 1_000_000 else { return nil }
    return
      "\(form.driven.count) potentials that change in \(steps) steps of a period are more than can be prepared: take a shorter "
      + "period, a longer run.timeStep, or potentials that are polynomials"
  }

  /// - Parameters:
  ///   - model: the driven model.
  ///   - form: its network.
  ///   - references: the temperatures that the baths were made with, the highest of each [energy].
  ///   - laws: their sub-steps.
  ///   - steps: in a period.
  init(_ model: DrivenModel, _ form: DrivenForm, references: [Double], _ laws: BathLaws, steps: Int) {
    self.steps = steps
    let times = (0..<steps).map { form.period * (Double($0) + 0.5) / Double(steps) }
    func elements(_ place: Int) -> [(first: Int, second: Int)] {
      form.network.bonds.filter { $0.potential == place }.map { ($0.first, $0.second) }
        + form.network.fields.filter { $0.potential == place }.map { (-1, $0.site) }
    }
    items = form.driven.map { Item($0, form.network.potentials[$0.place], elements($0.place), times) }
    forces = model.medium.course.forces.map { site, value in
      Force(site: site - 1, values: times.map { value.value([Drive.time: $0]) })
    }
    forcePlaces = form.forces
    let courses = model.attachments.indices.map { bath -> [Double]? in
      let name = model.attachments[bath].name
      return model.medium.course.temperatures[name].map { course in times.map { max(0, course.value([Drive.time: $0])) }
      }
    }
    noise = laws.momentumSteps.map { sub in
      courses[sub.bath].map { course in course.map { ($0 / references[sub.bath]).squareRoot() } }
    }
    inverseTemperatures =
      model.entropyReason == nil
      ? courses.indices.map { bath in
        courses[bath].map { $0.map { 1 / $0 } } ?? [1 / model.attachments[bath].bath.temperature]
      } : []
    scratchLength = items.reduce(0) { most, item in
      max(most, item.functions.map(\.scratchLength).max() ?? 0, item.energies.map(\.scratchLength).max() ?? 0)
    }
  }
}

extension NetworkDriving.Item {
  fileprivate init(
    _ item: DrivenForm.Driven, _ usual: Potential, _ elements: [(first: Int, second: Int)], _ times: [Double]
  ) {
    place = item.place
    self.elements = elements
    if let polynomial = item.polynomial {
      let count = polynomial.slope.count
      width = count + 1
      let slopes = times.map { time in polynomial.slope.map { $0.value([Drive.time: time]) } }
      coefficients = zip(times, slopes).flatMap { time, slope in
        [polynomial.constant.value([Drive.time: time])] + slope.enumerated().map { $1 / Double($0 + 1) }
      }
      let kind = ness_slope(usual.form).kind
      self.slopes = slopes.map { slope in
        var law = ness_slope(.polynomial(slope))
        law.kind = kind
        return law
      }
      (functions, energies) = ([], [])
      return
    }
    (width, coefficients) = (0, [])
    let potentials = times.map(item.potential(at:))
    energies = potentials.map(\.energies)
    slopes = []
    functions = potentials.map(LaneSlope.init)
  }
}
