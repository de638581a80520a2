import NessFiles
import NessModel
import NessStatistics

extension Verdict {
  /// Whether more temperature difference gives less heat at one point, where the response of the current to a temperature is
  /// known: one verdict for every temperature and method.
  ///
  /// - Parameter result: of a point of a model with two baths; of another there is no verdict.
  package static func atOnePoint(_ model: AnyModel, _ result: PointResult) -> [Verdict] {
    let (names, temperatures) = (model.attachments.map(\.name), model.temperatures)
    guard names.count == 2 else { return [] }
    let members = result.estimates.members
    return names.indices.flatMap { knob -> [Verdict] in
      let path = "baths.\(names[knob]).temperature"
      let asked = ["conductance[\(names[0]),\(names[knob])]", "response[\(path)]"].compactMap { Quantity($0) }
      return NessModel.Method.allCases.compactMap { method in
        asked.lazy.compactMap { members.member($0, by: method) }.first.map { entry in
          Verdict(entry, knob, names, temperatures, path)
        }
      }
    }
  }

  private init(_ entry: Answer.Entry, _ knob: Int, _ names: [String], _ temperatures: [Double], _ path: String) {
    let (own, other) = (temperatures[knob], temperatures[1 - knob])
    let slope = entry.withAllErrors
    let side: Side = own >= other ? .hotter : .colder
    // |J| grows with J where the left bath is the hotter one, and the difference with the temperature of the hotter bath.
    let growth = (temperatures[0] >= temperatures[1] ? 1.0 : -1) * (side == .hotter ? 1.0 : -1) * slope.value
    let isTold = abs(slope.value) > slope.halfWidth(among: 1)
    let number = "dJ/dT_\(names[knob]) = \(formatted(slope))"
    let place = "at T_\(names[knob]) = \(own.short)"
    let strength = slope.isSampled || isTold ? slope.strength() : "within the numerical error"
    let text =
      isTold
      ? "\(slope.value < 0 ? "negative" : "positive") \(place): \(number), \(strength)"
        + (own == other ? "" : "; |J| \(growth < 0 ? "falls" : "grows") with the difference")
      : "not told from zero \(place): \(number), \(strength)"
    self.init(
      parameter: path, side: side, fixed: ["baths.\(names[1 - knob]).temperature": other], method: entry.method,
      validity: entry.claim.validity, range: [own, own], falls: isTold ? growth < 0 : nil,
      text: "\(text) (\(names[1 - knob]) fixed at \(other.short))", sigmas: slope.sigmas(), slope: slope.value,
      slopeError: slope.error)
  }
}
