import Foundation
import NessFiles
import NessModel

/// A verdict in a sentence.
package struct VerdictText {
  package let text: String

  package init(_ line: TemperatureLine, _ curve: [CurvePoint], _ verdict: FallVerdict) {
    let name = "T_\(line.varied)"
    let current = line.sign > 0 ? "J" : "|J|"
    let others = line.rest.filter { $0.path != "baths.\(line.other).temperature" }.map {
      "; \($0.path) = \($0.value.short)"
    }
    let other =
      line.otherHasTemperature
      ? "\(line.other) fixed at \(line.otherTemperature.short)" : "\(line.other) has no temperature"
    let knob = "(\(line.varied) bath varied, \(other)\(others.joined()))"
    let ends = "\(name) from \((curve.first?.temperature ?? 0).short) to \((curve.last?.temperature ?? 0).short)"
    let isSampled = verdict.sigmas != nil
    let joined = verdict.pooled > 1 ? ", between means of \(verdict.pooled) neighbouring points" : ""
    switch (verdict.falls, verdict.beginning) {
    case (true, let beginning?):
      let strength = verdict.sigmas.map(Self.strength) ?? "beyond the numerical error"
      let end = verdict.end.map { " until \($0.short), where it rises again" } ?? ""
      let fitted =
        verdict.isFitted ? "; the place of the maximum is fitted through the points and its error estimated" : ""
      text = "\(current) falls \(Self.place(beginning, name, line.side))\(end) \(knob), \(strength)\(fitted)"
    case (false?, _):
      text =
        "\(current) does not fall between any two points, \(ends) \(knob), "
        + (isSampled ? "at 95 %" : "beyond the numerical error")
    case (nil, _) where verdict.excludedFall.map({ $0 >= 1 }) == true:
      text = "no evidence: the errors are too large to exclude any fall of \(current)\(joined), \(ends) \(knob)"
    default:
      let share = verdict.excludedFall.map { "\((100 * $0).text(digits: 2)) % of its largest value" } ?? ""
      let level = isSampled ? "excluded at 95 %" : "excluded by the bounds of the numerical error"
      text = "no evidence: a fall of \(current) larger than \(share) is \(level)\(joined), \(ends) \(knob)"
    }
  }

  private static func strength(_ sigmas: Double) -> String {
    sigmas >= 36.9 ? "more than 36 sigma" : "\(sigmas.text(digits: 2)) sigma"
  }

  private static func place(_ beginning: FallVerdict.Beginning, _ name: String, _ side: Verdict.Side) -> String {
    switch beginning {
    case .maximum(let temperature, let error):
      "for \(name) \(side == .hotter ? ">" : "<") \(temperature.text(error: error))"
    case .firstPoint(let temperature): "from the first point on, \(name) = \(temperature.short)"
    }
  }
}
