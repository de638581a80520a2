import Foundation
import NessFiles
import NessModel
import NessStatistics

// MARK: - What a study shows as the device that its file names

extension StudyFigures {
  func device() throws(StudyFigureError) -> Figure {
    guard let report = numbers.device else {
      throw StudyFigureError(
        experiment?.device == nil
          ? "the file names no device: give it the key device"
          : "its runs are not among these results: ness plot draws it")
    }
    let shown = DeviceRows(report, experiment, methods: options.methods)
    guard !shown.methods.isEmpty else {
      throw StudyFigureError(report.notes.isEmpty ? absence(of: "the numbers of a device") : report.notes[0])
    }
    var figure =
      switch DeviceChoice.Kind(rawValue: report.device) {
      case .diode: shown.path == nil ? shown.exchange() : shown.diode()
      case .transistor: shown.transistor()
      case .conductivity: shown.conductivity()
      case .refrigerator: shown.refrigerator()
      case nil: throw StudyFigureError("there is no figure of a \(report.device)")
      }
    if let scale = options.scale, report.device != DeviceChoice.Kind.conductivity.rawValue {
      figure.horizontal.scale = scale == .logLog ? .logarithmic : .linear
      figure.vertical.scale = figure.horizontal.scale
    }
    let findings = report.findings.filter { shown.methods.prefix(2).contains($0.method) }
    figure.caption =
      "\(studyTitle)\(figure.caption) \(shown.methodWords)"
      + findings.map { " By \($0.method == .simulation ? "simulation" : $0.claim.sentence): \($0.text)." }.joined()
    return figure
  }
}

/// The numbers of a device in the order in which a figure has them.
struct DeviceRows {
  private let report: DeviceReport
  private let experiment: Experiment?
  /// The methods that are drawn: simulation first, then theories from the best on.
  let methods: [Method]
  /// The parameter below; nil without a sweep.
  let path: String?
  /// The values of the other parameters, a curve for each.
  private let families: [[ParameterValue]]

  init(_ report: DeviceReport, _ experiment: Experiment?, methods asked: Set<Method>?) {
    (self.report, self.experiment) = (report, experiment)
    var claims: [MethodClaim] = []
    for row in report.rows where !claims.contains(where: { $0.method == row.method }) {
      if asked?.contains(row.method) ?? (row.claim.validity != .printed) {
        claims.append(MethodClaim(row.method, row.claim))
      }
    }
    methods = claims.rankedMethods()
    var areTogether = false
    if case .paired? = experiment?.sweep { areTogether = true }
    let paths = report.rows.first?.parameters.map(\.path) ?? []
    let path = areTogether ? paths.first : paths.last
    self.path = path
    var families: [[ParameterValue]] = []
    for row in report.rows {
      let others = areTogether ? [] : row.parameters.filter { $0.path != path }
      if !families.contains(others) { families.append(others) }
    }
    self.families = StudyNumbers.evenlyChosen(families.count).map { families[$0] }
    areTogetherSwept = areTogether
  }

  private let areTogetherSwept: Bool

  // MARK: curves

  /// A number of the rows along the parameter below: a curve for each method and family.
  ///
  /// - Parameters:
  ///   - label: what a legend calls it; nil for none.
  ///   - family: its colour, among `count` numbers that one panel shows.
  private func curves(
    of name: String, label: String?, family: Int = 0, of count: Int = 1, change: (Double) -> Double = { $0 }
  ) -> [Figure.Curve] {
    families.enumerated().flatMap { place, others -> [Figure.Curve] in
      let values = others.map { ParameterWords($0.path, experiment).text($0.value) }.joined(separator: ", ")
      let text = [label, values.isEmpty ? nil : values].compactMap { $0 }.joined(separator: ", ")
      return methods.compactMap { method -> Figure.Curve? in
        let rows = report.rows.filter { row in
          row.method == method && (areTogetherSwept || row.parameters.filter { $0.path != path } == others)
        }
        let points = rows.compactMap { row -> Figure.Curve.Point? in
          guard let x = row.parameters.first(where: { $0.path == path })?.value,
            let found = row.numbers.first(where: { $0.name == name })?.estimate
          else { return nil }
          return .init(x, change(found.value), error: found.standardError)
        }
        if points.isEmpty { return nil }
        return curve(points.sorted { $0.x < $1.x }, text.isEmpty ? nil : text, name, method, place * count + family)
      }
    }
  }

  private func curve(
    _ points: [Figure.Curve.Point], _ label: String?, _ name: String, _ method: Method, _ family: Int
  ) -> Figure.Curve {
    let isSimulated = method == .simulation
    let role: Figure.Curve.Role =
      isSimulated ? .simulation : method == methods.first { $0 != .simulation } ? .theory : .approximation
    let text = method == methods.first ? label ?? method.legend : method.legend
    return .init(
      label: text, name: [label, name, method.rawValue].compactMap { $0 }.joined(separator: " "), role: role,
      family: family, points: points, drawing: isSimulated || methods.first == .simulation ? nil : .markedLine)
  }

  /// A thin line at a height, along all points.
  private func line(at height: Double, along curves: [Figure.Curve]) -> [Figure.Curve] {
    let places = curves.flatMap(\.points).map(\.x)
    guard let first = places.min(), let last = places.max() else { return [] }
    return [
      .init(
        label: nil, name: "\(height.short)", role: .guide, family: 0,
        points: [.init(first, height), .init(last, height)])
    ]
  }

  private func unlabelled(_ curves: [Figure.Curve]) -> [Figure.Curve] {
    curves.map {
      var curve = $0
      (curve.label, curve.kin) = (nil, curve.label)
      return curve
    }
  }

  private var horizontal: Figure.Axis {
    guard let path else { return .init(label: "", unit: "1") }
    let isLogarithmic = experiment?.sweep?.axes.first { $0.parameter == path }?.isLogarithmic ?? false
    return .init(
      label: ParameterWords(path, experiment).label, unit: experiment?.dimension(ofParameter: path) ?? "1",
      scale: isLogarithmic ? .logarithmic : .linear)
  }

  /// What symbols and lines are, for a caption.
  var methodWords: String {
    let theories = methods.filter { $0 != .simulation }.compactMap { method in
      report.rows.first { $0.method == method }?.claim.sentence
    }
    let symbols = methods.contains(.simulation) ? "Symbols: simulation with one standard error." : ""
    let lines =
      theories.isEmpty ? "" : "Lines join the points of theory: \(theories.joined(separator: "; "))."
    return [symbols, lines].filter { !$0.isEmpty }.joined(separator: " ")
  }

  // MARK: diode

  private static let currentLabel = "|J|, heat current"

  /// Currents both ways along the sweep, the rectification below.
  func diode() -> Figure {
    let forward = curves(of: "forward", label: "forward", family: 0, of: 2, change: abs)
    let backward = curves(of: "backward", label: "backward", family: 1, of: 2, change: abs)
    // In the colours of the forward currents.
    let ratio = curves(of: "rectification", label: nil, family: 0, of: 2)
    return Figure(
      identifier: "", title: "A thermal diode",
      caption: "Heat current forwards and with the temperatures of the baths exchanged; below, the rectification "
        + "R = (|J_f| − |J_b|)/(|J_f| + |J_b|).",
      horizontal: horizontal, vertical: .init(label: Self.currentLabel, unit: "energy/time"),
      curves: forward + backward, ratios: unlabelled(ratio) + line(at: 0, along: ratio), ratioLabel: "R, rectification",
      ratioRange: -1.05...1.05)
  }

  /// Both ways of a diode without a sweep, along the difference of the temperatures.
  func exchange() -> Figure {
    let temperatures = experiment?.givenContacts.map(\.bath.base.temperature) ?? []
    let difference = temperatures.count == 2 ? temperatures[0] - temperatures[1] : 1
    var curves: [Figure.Curve] = []
    for method in methods {
      for (family, direction) in ["forward", "backward"].enumerated() {
        guard
          let found = report.rows.first(where: { $0.method == method })?.numbers.first(where: { $0.name == direction })
        else { continue }
        let estimate = found.estimate
        let point = Figure.Curve.Point(
          family == 0 ? difference : -difference, abs(estimate.value), error: estimate.standardError)
        curves.append(curve([point], direction, direction, method, family))
      }
    }
    let largest = curves.flatMap(\.points).map(\.y).max() ?? 1
    // A line of theory has one point here, which a symbol shows.
    for index in curves.indices where curves[index].role != .simulation { curves[index].drawing = .symbols }
    let ends = [Figure.Curve.Point(-abs(difference), 0), .init(0, 0), .init(abs(difference), 0)]
    let level = curves.first?.points.first.map { point in
      Figure.Curve(
        label: "without rectification", name: "without rectification", role: .guide, family: 0,
        points: [.init(-abs(difference), point.y), .init(abs(difference), point.y)])
    }
    let room = 1.15 * abs(difference)
    return Figure(
      identifier: "", title: "A thermal diode",
      caption: "Heat current forwards and with the temperatures of the baths exchanged.",
      horizontal: .init(
        label: "T_L − T_R, temperature difference", unit: "energy", range: -room...room),
      vertical: .init(label: Self.currentLabel, unit: "energy/time", range: 0...(1.2 * largest)),
      curves: curves + [level].compactMap { $0 }
        + [.init(label: nil, name: "0", role: .guide, family: 0, points: ends)])
  }

  // MARK: transistor

  /// Heats of base and collector along the temperature of the base, the amplification below.
  func transistor() -> Figure {
    let collector = curves(of: "heatIntoCollector", label: "J_C into the collector", family: 0, of: 2)
    let base = curves(of: "heatFromBase", label: "J_B from the base", family: 1, of: 2)
    // In the colours of the heats of the collector.
    let ratio = curves(of: "amplification", label: nil, family: 0, of: 2)
    // It grows without bound where the heat from the base has an extremum: that must not flatten the rest.
    let sizes = ratio.flatMap(\.points).map { abs($0.y) }.sorted()
    let limit = max(2, 4 * (sizes.isEmpty ? 0 : sizes[sizes.count / 2]))
    return Figure(
      identifier: "", title: "A thermal transistor",
      caption: "Heat into the collector and from the base along the temperature of the base; below, the amplification "
        + "α = dJ_C/dJ_B: it amplifies beyond the lines at ±1.",
      horizontal: horizontal, vertical: .init(label: "J, heat per time", unit: "energy/time"), curves: collector + base,
      ratios: unlabelled(ratio) + [1.0, -1.0].flatMap { line(at: $0, along: ratio) }, ratioLabel: "α, amplification",
      ratioRange: ratio.isEmpty ? nil : -limit...limit)
  }

  // MARK: refrigerator

  /// Heats from the cold and the hot bath along the sweep, the coefficient of performance with its bound below.
  func refrigerator() -> Figure {
    let cold = curves(of: "heatFromCold", label: "J_{cold}", family: 0, of: 2)
    let hot = curves(of: "heatFromHot", label: "J_{hot}", family: 1, of: 2)
    let performance = curves(of: "coefficientOfPerformance", label: nil)
    let bounds = curves(of: "carnotBound", label: nil).map { curve in
      Figure.Curve(label: nil, name: "Carnot bound", role: .guide, family: 0, points: curve.points)
    }
    return Figure(
      identifier: "", title: "An absorption refrigerator",
      caption:
        "Heat per time from the cold and from the hot bath: it cools where that from the cold one is positive; below, the "
        + "coefficient of performance J_cold/J_hot under the Carnot bound (dashed).",
      horizontal: horizontal, vertical: .init(label: "J, heat per time", unit: "energy/time"),
      curves: cold + hot + line(at: 0, along: cold), ratios: unlabelled(performance) + bounds,
      ratioLabel: "COP", ratioRange: (bounds.flatMap(\.points).map(\.y).max()).map { 0...(1.15 * $0) })
  }

  // MARK: conductivity

  /// Conductivity along the size, with the power law that was fitted.
  func conductivity() -> Figure {
    let known = curves(of: "conductivity", label: nil)
    let laws = report.findings.filter { methods.first == $0.method }.compactMap { finding -> Figure.Curve? in
      guard let exponent = finding.number?.estimate else { return nil }
      return law(exponent, method: finding.method)
    }
    var axis = horizontal
    axis.scale = .logarithmic
    return Figure(
      identifier: "", title: "Conductivity along the size",
      caption: "Conductivity κ = J N/(T_L − T_R) along the number N of sites"
        + (laws.isEmpty ? "." : ", with the power law that was fitted."),
      horizontal: axis, vertical: .init(label: "κ, conductivity", unit: "1/time", scale: .logarithmic),
      curves: known + laws)
  }

  /// κ = c N^a through the points that the exponent was fitted to, as high as they are on the whole.
  private func law(_ exponent: Estimate, method: Method) -> Figure.Curve? {
    let points = report.rows.filter { $0.method == method && $0.text.isEmpty }.compactMap { row in
      row.parameters.first.flatMap { size in
        row.numbers.first { $0.name == "conductivity" }.map { (x: size.value, y: $0.estimate) }
      }
    }.filter { $0.x > 0 && $0.y.value > 0 }
    guard let first = points.map(\.x).min(), let last = points.map(\.x).max(), first < last else { return nil }
    var (total, sum) = (0.0, 0.0)
    for point in points {
      let (value, error) = (point.y.value, point.y.standardError ?? 0)
      let trust = error > 0 ? (value / error) * (value / error) : 1
      total += trust
      sum += trust * (log(value) - exponent.value * log(point.x))
    }
    let height = exp(sum / total)
    let text = exponent.standardError.map { exponent.value.text(error: $0) } ?? exponent.value.text(digits: 3)
    let shown = text.replacing("-", with: "−")
    let line = (0...20).map { index -> Figure.Curve.Point in
      let x = first * pow(last / first, Double(index) / 20)
      return .init(x, height * pow(x, exponent.value))
    }
    return Figure.Curve(
      label: "∝ N^{\(shown)}", name: "power law, exponent \(text)", role: .guide, family: 0, points: line)
  }
}

extension Estimate {
  /// One standard error; nil of a number that was computed.
  fileprivate var standardError: Double? {
    if case .statistical(let error, _) = uncertainty { error } else { nil }
  }
}
