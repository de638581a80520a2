import Foundation

/// A mark on an axis.
package struct Tic: Equatable {
  /// Where it stands.
  package var value: Double
  /// Its text, as gnuplot's enhanced text; nil for a minor tic.
  package var label: String?

  /// Width of the label in units of the font size, estimated.
  var estimatedWidth: Double {
    let visible = (label ?? "").filter { !"{}^".contains($0) }
    return 0.56 * Double(visible.count)
  }
}

extension AxisFit {
  /// The power of ten that the labels of all tics have in common and the label of the axis names, where the numbers would
  /// be long; nil where they are not, or where powers of ten are the labels.
  package var commonPower: Int? {
    if scale == .logarithmic, hasDecadeTics { return nil }
    let order = Int(floor(log10(max(abs(lower), abs(upper)))))
    return order >= 5 || order < -3 ? order : nil
  }

  private var unit: Double { commonPower.map { pow(10, Double($0)) } ?? 1 }

  private var powers: ClosedRange<Int> { Int(floor(log10(lower)))...Int(ceil(log10(upper))) }

  private var hasDecadeTics: Bool { powers.filter { contains(pow(10, Double($0))) }.count >= 3 }

  /// The tics of the axis; about `count` of them carry a label on a linear axis.
  ///
  /// - Parameter isWhole: whether what the axis shows has no values between whole numbers.
  package func tics(about count: Int, isWhole: Bool = false) -> [Tic] {
    switch scale {
    case .linear: linearTics(about: count, isWhole: isWhole)
    case .logarithmic: logarithmicTics(about: count)
    }
  }
}

// MARK: - Linear

extension AxisFit {
  /// Steps of 1, 2 or 5 times a power of ten, with minor tics between.
  private func linearTics(about count: Int, isWhole: Bool = false) -> [Tic] {
    var (step, power, mantissa) = niceStep(about: count)
    if isWhole, step < 1 { (step, power, mantissa) = (1, 0, 1) }
    let parts = isWhole && step == 1 ? 1 : mantissa == 5 ? 5 : 2
    let minorStep = step / Double(parts)
    let slack = 1e-9 * (upper - lower)
    let first = Int(((lower - slack) / minorStep).rounded(.up))
    let last = Int(((upper + slack) / minorStep).rounded(.down))
    guard first <= last else { return [] }
    let order = commonPower ?? 0
    return (first...last).map { index in
      let value = Double(index) * minorStep
      guard index % parts == 0 else { return Tic(value: value, label: nil) }
      let digits = String(format: "%.*f", max(0, order - power), value / pow(10, Double(order)))
      return Tic(value: value, label: Self.typeset(digits))
    }
  }

  /// A step as `mantissa` times ten to the `power`.
  private func niceStep(about count: Int) -> (step: Double, power: Int, mantissa: Int) {
    let raw = (upper - lower) / Double(count)
    let power = Int(floor(log10(raw)))
    let rest = raw / pow(10, Double(power))
    let mantissa = rest < 1.45 ? 1 : rest < 3.2 ? 2 : rest < 7.1 ? 5 : 10
    let carries = mantissa == 10
    let scale = power + (carries ? 1 : 0)
    return (Double(carries ? 1 : mantissa) * pow(10, Double(scale)), scale, carries ? 1 : mantissa)
  }

  /// A real minus sign, and no sign before zero.
  private static func typeset(_ digits: String) -> String {
    let isZero = !digits.contains { ("1"..."9").contains($0) }
    return (isZero ? digits.replacing("-", with: "") : digits).replacing("-", with: "−")
  }
}

// MARK: - Logarithmic

extension AxisFit {
  /// Powers of ten from two decades on, digits below that, and round numbers where even those are too few.
  private func logarithmicTics(about count: Int) -> [Tic] {
    let decades = log10(upper / lower)
    if hasDecadeTics {
      return decadeTics(powers, stride: max(1, Int((decades / Double(count)).rounded(.up))))
    }
    let choices: [Set<Int>] = decades > 0.9 ? [[1, 2, 5]] : decades > 0.7 ? [[1, 2, 3, 5, 7]] : []
    for labelled in choices {
      let tics = digitTics(powers, labelled: labelled)
      if tics.count(where: { $0.label != nil }) >= 3 { return tics }
    }
    return AxisFit(lower: lower, upper: upper, scale: .linear).linearTics(about: count)
  }

  private func decadeTics(_ powers: ClosedRange<Int>, stride: Int) -> [Tic] {
    powers.flatMap { power -> [Tic] in
      let base = pow(10, Double(power))
      let isLabelled = power % stride == 0
      let label = isLabelled ? Self.typeset("10^{\(power)}") : nil
      let minor = stride == 1 ? (2...9).map { Tic(value: Double($0) * base, label: nil) } : []
      return [Tic(value: base, label: label)] + minor
    }.filter { contains($0.value) }
  }

  private func digitTics(_ powers: ClosedRange<Int>, labelled: Set<Int>) -> [Tic] {
    powers.flatMap { power in
      (1...9).map { digit in
        let value = Double(digit) * pow(10, Double(power))
        return Tic(value: value, label: labelled.contains(digit) ? digitLabel(digit, power) : nil)
      }
    }.filter { contains($0.value) }
  }

  private func digitLabel(_ digit: Int, _ power: Int) -> String {
    let rest = power - (commonPower ?? 0)
    return String(format: "%.*f", max(0, -rest), Double(digit) * pow(10, Double(rest)))
  }
}
