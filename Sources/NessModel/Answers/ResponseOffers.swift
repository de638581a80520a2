import NessStatistics

extension Model {
  /// The derivatives of the current, and of the heats, with respect to all parameters.
  ///
  /// - Parameters:
  ///   - work: in pairs of sites.
  ///   - reason: why there is none of it; nil if there is.
  ///   - exceptions: parameters for which there is none, with the reason.
  package func parameterResponseOffers(
    work: Double, unless reason: String?, except exceptions: [String: String] = [:]
  ) -> [Offer] {
    let reason = reason ?? oneBathReason
    @Sendable func paths() -> [String] { parameters.map(\.path).filter { exceptions[$0] == nil } }
    @Sendable func except() -> [String: String] { exceptions.merging(wholeReasons) { $1 } }
    let names = writtenBaths.map(\.name)
    @Sendable func ofEveryBath<Value>(_ values: [Value]) -> [(bath: String, value: Value)] {
      names.flatMap { name in values.map { (name, $0) } }
    }
    return [
      Offer(.response, .places(paths()), work: work, unless: reason ?? pairReason("the current"), except: except()),
      Offer(
        .heatResponse, .places(ofEveryBath(paths()).map { "\($0.bath),\($0.value)" }), work: work, unless: reason,
        except: Dictionary(
          uniqueKeysWithValues: ofEveryBath(Array(except())).map { ("\($0.bath),\($0.value.key)", $0.value.value) })),
    ]
  }

  /// Why there is no derivative with respect to whole numbers.
  private var wholeReasons: [String: String] {
    Dictionary(
      uniqueKeysWithValues: wholeNumbers.map { ($0, "\($0) is a whole number, so there is no derivative: sweep it") })
  }
}

extension Answer {
  /// Adds how the heats change with parameters.
  ///
  /// - Parameter heats: `[parameter][bath]`.
  package mutating func addResponse(
    _ heats: [[Estimate]], to parameters: [String], ofBaths names: [String], by method: Method
  ) {
    if parameters.isEmpty { return }
    let axis = Answer.Axis("parameter", names: parameters)
    if names.count == 2 { entries.append(.init(.all(.response), method, axes: [axis], heats.map { $0[0] })) }
    let baths = Answer.Axis("bath", names: names)
    entries.append(
      .init(
        .all(.heatResponse), method, axes: [baths, axis],
        names.indices.flatMap { bath in heats.map { $0[bath] } }))
  }
}
