import NessMath
import NessModel
import NessStatistics

/// The derivatives of the heats of a harmonic network with respect to parameters of its model.
struct ParameterResponse {
  /// Paths of the parameters.
  let parameters: [String]
  /// dJ_a/dp, `[parameter][bath]`.
  let heats: [[Estimate]]

  /// - Parameters:
  ///   - network: of another value of a parameter, given by its path; nil where there is none.
  /// - Throws: `QuadratureError`.
  init(
    _ parameters: [ModelParameter], _ network: HarmonicNetwork, _ heat: NetworkHeat, watch: WorkWatch,
    others: (_ path: String, _ value: Double) -> HarmonicNetwork?
  ) throws(QuadratureError) {
    var known: [(path: String, tangent: NetworkTangent)] = []
    for parameter in parameters {
      if watch.shouldStop() { throw .stopped }
      let tangent = NetworkTangent(parameter.value, network) { others(parameter.path, $0) }
      if let tangent { known.append((parameter.path, tangent)) }
    }
    let moving = known.filter(\.tangent.changesWaves)
    let sensitivity = try NetworkSensitivity(moving.map(\.tangent), network, heat, watch: watch)
    let places = Dictionary(uniqueKeysWithValues: moving.enumerated().map { ($1.path, $0) })
    let baths = heat.modes.baths
    self.parameters = known.map(\.path)
    heats = known.map { path, tangent in
      var temperatures = baths.map { _ in NetworkTangent.Slope() }
      for contact in tangent.contacts { temperatures[contact.index] = contact.temperature }
      return baths.indices.map { one in
        var (sum, bound, size) = (0.0, 0.0, 0.0)
        func add(_ value: Double, _ error: Double) {
          sum += value
          size += abs(value)
          bound += error
        }
        for other in baths.indices where other != one {
          let table = heat.conductances[one][other]
          let slope = temperatures[one].value - temperatures[other].value
          add(
            slope * table.value,
            abs(slope) * table.error + (temperatures[one].error + temperatures[other].error) * table.value)
          guard let place = places[path] else { continue }
          let difference = baths[one].temperature - baths[other].temperature
          if difference == 0 { continue }
          let change = sensitivity.changes[place][NetworkResponse.pair(one, other)].scaled(by: heat.modes.frequencyUnit)
          add(difference * change.value, abs(difference) * change.error)
        }
        return .numerical(sum, bound: bound + 4e-16 * size)
      }
    }
  }
}

extension Answer {
  /// Adds how the heats of a model change with its parameters by linear theory.
  ///
  /// - Parameter network: of another model; nil where linear theory does not know it.
  /// - Throws: `QuadratureError`.
  mutating func addResponse<MediumType>(
    of model: Model<MediumType>, _ harmonic: HarmonicNetwork, _ heat: NetworkHeat, by method: Method,
    _ watch: WorkWatch,
    network: (Model<MediumType>) -> HarmonicNetwork?
  ) throws(QuadratureError) {
    let parameters = model.parameters.filter { NetworkTangent.exceptions[$0.path] == nil }
    let found = try ParameterResponse(parameters, harmonic, heat, watch: watch) { path, value in
      model.with(path, value).flatMap(network)
    }
    let written = model.writtenBaths
    addResponse(found.heats.map(written.sums), to: found.parameters, ofBaths: written.map(\.name), by: method)
    let missing = parameters.map(\.path).filter { !found.parameters.contains($0) }
    if !missing.isEmpty {
      notes.append(
        Note.warning(
          "\(method.rawValue): no response to \(missing.joined(separator: ", ")): beside its value there is no model that "
            + "linear theory knows"))
    }
  }
}
