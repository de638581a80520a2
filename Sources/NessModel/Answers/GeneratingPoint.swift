import NessStatistics

/// The generating function mu(x) = lim ln<exp(x Q)>/t of the heat from the first of two baths, at one place.
package struct GeneratingPoint: Sendable {
  /// [1/energy]
  package let x: Double
  /// mu(x) [1/time].
  package let value: Estimate
  /// mu'(x) [energy/time].
  package let mean: Estimate

  package init(x: Double, value: Estimate, mean: Estimate) { (self.x, self.value, self.mean) = (x, value, mean) }

  /// The number of places.
  package static let count = 39

  /// The places x at which mu is given, between -1/T_R and 1/T_L, where it is finite whatever the system; they mirror each
  /// other as the symmetry of mu does.
  package static func grid(_ left: Double, _ right: Double) -> [Double] {
    // Written so that 0, where it is a place, is 0.
    (1...count).map { (Double($0) / left - Double(count + 1 - $0) / right) / Double(count + 1) }
  }
}

extension Answer {
  /// Adds the generating function, and the rate function that is its Legendre transform, I(mu') = x mu' - mu.
  package mutating func add(_ points: [GeneratingPoint], by method: Method) {
    if points.isEmpty { return }
    let places = Answer.Axis("x", dimension: "1/energy", values: points.map(\.x))
    entries.append(.init(.all(.generatingFunction), method, axes: [places], points.map(\.value)))
    let currents = Answer.Axis("current", dimension: "energy/time", values: points.map(\.mean.value))
    entries.append(
      .init(
        .all(.rateFunction), method, axes: [currents],
        points.map { point in
          let product = point.x * point.mean.value
          return .numerical(
            product - point.value.value,
            bound: abs(point.x) * point.mean.error + point.value.error
              + 2e-16 * (abs(product) + abs(point.value.value)))
        }))
  }
}
