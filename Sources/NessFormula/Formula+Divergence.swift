extension Formula {
  /// Whether it has a division, a logarithm, a tangent or a power that is not whole: without one it is finite wherever its numbers are.
  package var mayDiverge: Bool { expression.mayDiverge }

  /// The nearest place on the way from one number to another at which the formula goes beyond all bounds, no other name being left.
  ///
  /// - Returns: nil if there is none, or none that is found with bounded work.
  package func divergence(of name: String, from start: Double, to end: Double) -> Double? {
    let mostWork = 20_000
    var open = [(near: start, far: end)]
    var work = 0
    while let part = open.popLast() {
      let enclosed = Enclosure(expression, name, Enclosure(min(part.near, part.far), max(part.near, part.far)))
      if enclosed.low.isFinite, enclosed.high.isFinite { continue }
      work += 1
      if work > mostWork { return nil }
      let middle = 0.5 * (part.near + part.far)
      let least = max(1e-13 * max(abs(part.near), abs(part.far)), 1e-15 * abs(end - start))
      guard abs(part.far - part.near) > least, middle != part.near, middle != part.far else {
        if grows(name, from: start, to: part.near) { return part.near }
        continue
      }
      open.append((middle, part.far))
      open.append((part.near, middle))
    }
    return nil
  }

  /// Whether its size grows towards a place by as much, or more, with every further decade of the distance: as a logarithm or a power does,
  /// and nothing that has a limit.
  private func grows(_ name: String, from start: Double, to place: Double) -> Bool {
    let sizes = [1e-3, 1e-5, 1e-7, 1e-9].map { abs(value([name: place + (start - place) * $0])) }
    guard start != place, sizes.dropLast().allSatisfy(\.isFinite), !sizes[3].isNaN else { return false }
    let steps = zip(sizes, sizes.dropFirst()).map { $1 - $0 }
    return steps[0] > 0 && steps[1] >= 0.9 * steps[0] && steps[2] >= 0.9 * steps[1]
  }
}

extension Expression {
  fileprivate var mayDiverge: Bool {
    switch kind {
    case .number, .name: false
    case .sum(_, let terms): terms.contains { $0.expression.mayDiverge }
    case .product(let factors): factors.contains { $0.exponent < 0 || $0.base.mayDiverge }
    case .power: true
    case .function(let function, let arguments):
      function == .log || function == .tan || arguments.contains(where: \.mayDiverge)
    case .choice(let first, let second, let third, let fourth):
      [first, second, third, fourth].contains(where: \.mayDiverge)
    }
  }
}
