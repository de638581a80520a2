import NessFiles
import NessModel
import NessStatistics

/// The heat current of a model by a theory; nil where the theory refuses.
package typealias HeatCurrentTheory = @Sendable (AnyModel, NessModel.Method) throws -> Estimate?

/// One line of a sweep on which a single temperature is varied, on one side of equal temperatures.
package struct TemperatureLine {
  /// Path of the varied temperature.
  package let parameter: String
  /// Names of the varied bath and of the other one.
  package let varied: String
  package let other: String
  package let otherTemperature: Double
  /// Whether that bath has one: jumps at given rates have none.
  package let otherHasTemperature: Bool
  /// The model at one of the points.
  package let model: AnyModel
  /// The other parameters of the sweep.
  package let rest: [ParameterValue]
  package let side: Verdict.Side
  /// +1 if J is positive on this side, -1 if it is negative.
  package let sign: Double
  /// The results in the order in which the temperature difference grows.
  package let results: [(temperature: Double, result: PointResult)]

  /// All lines with at least two points, knob after knob, the hotter side first.
  package static func lines(_ points: [(point: ExperimentPoint, result: PointResult)]) -> [TemperatureLine] {
    guard let first = points.first?.point else { return [] }
    return first.parameters.map(\.path).flatMap { path -> [TemperatureLine] in
      let names = first.model.givenBaths.map(\.name)
      guard names.count == 2, let knob = names.firstIndex(where: { path == "baths.\($0).temperature" }) else {
        return []
      }
      var order: [[ParameterValue]] = []
      var groups: [[ParameterValue]: [(point: ExperimentPoint, result: PointResult)]] = [:]
      for entry in points {
        let rest = entry.point.parameters.filter { $0.path != path }
        if groups[rest] == nil { order.append(rest) }
        groups[rest, default: []].append(entry)
      }
      return order.flatMap { rest in
        [Verdict.Side.hotter, .colder].compactMap { side in
          TemperatureLine(path, knob: knob, names, rest, side, groups[rest] ?? [])
        }
      }
    }
  }

  private init?(
    _ path: String, knob: Int, _ names: [String], _ rest: [ParameterValue], _ side: Verdict.Side,
    _ group: [(point: ExperimentPoint, result: PointResult)]
  ) {
    guard let model = group.first?.point.model else { return nil }
    let fixed = model.givenBaths[1 - knob].temperature
    otherHasTemperature =
      fixed > 0 || model.attachments.first { $0.name == names[1 - knob] }?.bath.base.isThermal != false
    let isHotter = side == .hotter
    let all = group.map { (temperature: $0.point.model.givenBaths[knob].temperature, result: $0.result) }
    results = all.filter { isHotter ? $0.temperature >= fixed : $0.temperature <= fixed }
      .sorted { isHotter ? $0.temperature < $1.temperature : $0.temperature > $1.temperature }
    guard results.count >= 2 else { return nil }
    parameter = path
    varied = names[knob]
    other = names[1 - knob]
    otherTemperature = fixed
    self.model = model
    self.rest = rest
    self.side = side
    sign = (knob == 0) == isHotter ? 1 : -1
  }

  /// |J| along the line by a method, less its known bias; points where the method gave no current are left out.
  package func curve(_ method: NessModel.Method) -> [CurvePoint] {
    results.compactMap { entry in
      entry.result.estimates.first { $0.quantity == .heatCurrent && $0.method == method }.map {
        CurvePoint(temperature: entry.temperature, $0.withAllErrors, sign: sign)
      }
    }
  }

  /// What a method claims of its currents along the line: the weakest of its claims.
  package func claim(of method: NessModel.Method) -> Claim? {
    currents.filter { $0.method == method }.claims().weakest().first?.claim
  }

  /// The best theory that gave a current at two points or more; nil if none did.
  package var bestTheory: NessModel.Method? {
    let known = methods
    return currents.filter { known.contains($0.method) }.claims().bestTheory()
  }

  private var currents: [Answer.Entry] { results.flatMap(\.result.estimates).filter { $0.quantity == .heatCurrent } }

  /// |J| at any temperature of the varied bath, by a theory; nil where it refuses.
  package func current(at temperature: Double, by method: NessModel.Method, _ theory: HeatCurrentTheory) throws
    -> CurvePoint?
  {
    guard let model = model.with(temperature: temperature, ofBath: varied) else { return nil }
    return try theory(model, method).map { CurvePoint(temperature: temperature, $0, sign: sign) }
  }

  /// Methods that gave a current at two points or more.
  package var methods: [NessModel.Method] { NessModel.Method.allCases.filter { curve($0).count >= 2 } }
}

extension Answer.Entry {
  /// The estimate less its known bias; systematic errors of unknown sign widen the standard error.
  var withAllErrors: Estimate {
    let known = withoutKnownBias
    guard let budget, case .statistical(let error, let effectiveSamples) = known.uncertainty else { return known }
    let unknown = budget.unknownBias
    return .statistical(
      known.value, standardError: (error * error + unknown * unknown).squareRoot(), effectiveSamples: effectiveSamples)
  }
}
