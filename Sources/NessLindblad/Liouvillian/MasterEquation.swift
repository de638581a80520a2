import NessModel

/// A Lindblad equation for the density matrix of a quantum box, as jump operators with rates.
///
///     d rho/dt = -(i/hbar) [H, rho] + sum_k rate_k ( L_k rho L_k^T - {L_k^T L_k, rho}/2 )
///
/// H is diagonal and every L_k is real, so the equation is kept in the real numbers x_ij = Re rho_ij (i <= j), at index
/// i M + j, and y_ij = Im rho_ij (i < j), at index j M + i: M² of them, levels counted from 0. The eigenvalues are those
/// of the complex superoperator, at a quarter of its price.
struct MasterEquation: Sendable {
  /// One element of a jump operator, |to><from| times a number.
  struct Element: Sendable {
    let target: Int
    let source: Int
    let value: Double
  }

  /// One jump operator: a rate and a range of `elements`.
  struct Operator: Sendable {
    let bath: Int
    let rate: Double
    let elements: Range<Int>
  }

  let levels: Int
  /// Energies of the levels [energy].
  let energies: [Double]
  let hbar: Double
  private(set) var elements: [Element] = []
  private(set) var operators: [Operator] = []
  let baths: Int

  /// Memory of the secular equation and of what blocks it falls into, over the square of the number of levels [bytes].
  static func secularBytes(baths: Int) -> Double { 150 + 80 * Double(baths) }

  private init(_ model: QuantumBoxModel, levels: Int) {
    self.levels = levels
    let ground = model.medium.energy(ofLevel: 1)
    energies = (1...levels).map { Double($0 * $0) * ground }
    hbar = model.medium.hbar
    baths = model.attachments.count
  }

  private mutating func append(bath: Int, rate: Double, _ new: [Element]) {
    guard rate > 0 && !new.isEmpty else { return }
    operators.append(Operator(bath: bath, rate: rate, elements: elements.count..<(elements.count + new.count)))
    elements += new
  }

  /// The secular (Davies) equation: one operator for every bath and every Bohr frequency. E_n - E_m = (n² - m²) E_1, so
  /// equal frequencies are found exactly, among integers. The frequency 0 is left out: it moves no heat and no population.
  ///
  /// - Parameter grouped: false makes one operator of every single jump instead; wrong, for comparison.
  /// - Throws: `Refusal` if a matrix or a table is too small.
  static func secular(
    _ model: QuantumBoxModel, levels: Int, grouped: Bool = true
  ) throws(Refusal) -> MasterEquation {
    var equation = MasterEquation(model, levels: levels)
    let box = model.medium
    for (bath, attachment) in model.attachments.enumerated() {
      try checkReach(
        of: attachment, on: box, levels: levels, gaps: 3...(max(4, levels * levels) - 1), .liouvillian)
      if attachment.bath.coupling == .maxwell {
        equation.appendThermalising(bath: bath, attachment, on: box, grouped: grouped)
        continue
      }
      for (gap, pairs) in pairsByGap(levels, grouped: grouped) {
        let exchange = attachment.bath.exchange(Double(gap) * box.energy(ofLevel: 1), hbar: box.hbar)
        let down = pairs.compactMap { pair -> Element? in
          let value = attachment.bath.element(pair.lower + 1, pair.upper + 1, atWall: attachment.site, of: box)
          return value == 0 ? nil : Element(target: pair.lower, source: pair.upper, value: value)
        }
        equation.append(bath: bath, rate: exchange.emission, down)
        equation.append(bath: bath, rate: exchange.absorption, down.map(\.reversed))
      }
    }
    return equation
  }

  /// A wall that thermalises at once: its rates have no common factor, so their roots are the elements.
  private mutating func appendThermalising(
    bath: Int, _ attachment: QuantumBoxModel.Attachment, on box: QuantumBox, grouped: Bool
  ) {
    let rates = JumpRates.thermalising(attachment.bath, on: box, levels: levels)
    for (_, pairs) in Self.pairsByGap(levels, grouped: grouped) {
      func elements(_ ends: ((lower: Int, upper: Int)) -> (source: Int, target: Int)) -> [Element] {
        pairs.map { pair in
          let (source, target) = ends((pair.lower, pair.upper))
          let sign = attachment.bath.element(pair.lower + 1, pair.upper + 1, atWall: attachment.site, of: box)
          return Element(target: target, source: source, value: sign * rates[source * levels + target].squareRoot())
        }
      }
      append(bath: bath, rate: 1, elements { ($0.upper, $0.lower) })
      append(bath: bath, rate: 1, elements { ($0.lower, $0.upper) }.filter { $0.value != 0 })
    }
  }

  private static func pairsByGap(
    _ levels: Int, grouped: Bool
  ) -> [(gap: Int, pairs: ArraySlice<(gap: Int, lower: Int, upper: Int)>)] {
    var pairs: [(gap: Int, lower: Int, upper: Int)] = []
    pairs.reserveCapacity(levels * levels / 2)
    for upper in 0..<levels {
      for lower in 0..<upper { pairs.append(((upper + 1) * (upper + 1) - (lower + 1) * (lower + 1), lower, upper)) }
    }
    pairs.sort { ($0.gap, $0.lower) < ($1.gap, $1.lower) }
    var groups: [(gap: Int, pairs: ArraySlice<(gap: Int, lower: Int, upper: Int)>)] = []
    var start = 0
    for index in pairs.indices
    where index + 1 == pairs.count || !grouped || pairs[index + 1].gap != pairs[start].gap {
      groups.append((pairs[start].gap, pairs[start...index]))
      start = index + 1
    }
    return groups
  }

  /// The local equation: every bath lowers and raises through all its elements at once, at the rates of the first gap.
  ///
  /// - Throws: `Refusal` if a matrix or a table is too small.
  static func local(_ model: QuantumBoxModel, levels: Int) throws(Refusal) -> MasterEquation {
    var equation = MasterEquation(model, levels: levels)
    let box = model.medium
    for (bath, attachment) in model.attachments.enumerated() {
      try checkReach(of: attachment, on: box, levels: levels, gaps: 3...3, .local)
      let exchange = attachment.bath.exchange(box.firstGap, hbar: box.hbar)
      var down: [Element] = []
      for upper in 0..<levels {
        for lower in 0..<upper {
          let value = attachment.bath.element(lower + 1, upper + 1, atWall: attachment.site, of: box)
          if value != 0 { down.append(Element(target: lower, source: upper, value: value)) }
        }
      }
      equation.append(bath: bath, rate: exchange.emission, down)
      equation.append(bath: bath, rate: exchange.absorption, down.map(\.reversed))
    }
    return equation
  }

  // MARK: the superoperator

  /// Calls `body(row, column, value)` for the parts of every element of the real superoperator; parts of the same
  /// element are to be added.
  @inline(__always)
  func forEachPart(_ body: (_ row: Int, _ column: Int, _ value: Double) -> Void) {
    for jump in operators {
      for left in jump.elements {
        for right in jump.elements {
          let (first, second) = (elements[left], elements[right])
          let value = jump.rate * first.value * second.value
          place((first.target, second.target), (first.source, second.source), value, body)
        }
      }
    }
    for ((first, second), value) in loss() {
      for other in 0..<levels {
        place((first, other), (second, other), -value / 2, body)
        place((other, first), (other, second), -value / 2, body)
      }
    }
    for upper in 0..<levels {
      for lower in 0..<upper {
        let frequency = (energies[lower] - energies[upper]) / hbar
        let (real, imaginary) = (lower * levels + upper, upper * levels + lower)
        body(real, imaginary, frequency)
        body(imaginary, real, -frequency)
      }
    }
  }

  /// The term  d rho_row/dt = value rho_column  in real numbers; it counts for rows in the upper triangle only.
  @inline(__always)
  private func place(
    _ row: (Int, Int), _ column: (Int, Int), _ value: Double, _ body: (Int, Int, Double) -> Void
  ) {
    guard row.0 <= row.1 else { return }
    let (lower, upper) = (min(column.0, column.1), max(column.0, column.1))
    body(row.0 * levels + row.1, lower * levels + upper, value)
    if row.0 < row.1 && lower < upper {
      body(row.1 * levels + row.0, upper * levels + lower, column.0 < column.1 ? value : -value)
    }
  }

  /// The elements of  sum_k rate_k L_k^T L_k  that are there.
  private func loss() -> [((Int, Int), Double)] {
    var matrix = [Double](repeating: 0, count: levels * levels)
    forEachMeeting { _, value, first, second in matrix[first.source * levels + second.source] += value }
    return matrix.indices.filter { matrix[$0] != 0 }.map { (($0 / levels, $0 % levels), matrix[$0]) }
  }

  /// For every bath the observable whose mean is the heat per time from it: the elements Q_mn of
  /// sum_k rate_k ( L_k^T H L_k - {L_k^T L_k, H}/2 ), row after row [energy/time].
  func heatObservables() -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: levels * levels), count: baths)
    forEachMeeting { bath, value, first, second in
      let gain = energies[first.target] - (energies[first.source] + energies[second.source]) / 2
      result[bath][first.source * levels + second.source] += value * gain
    }
    return result
  }

  /// All pairs of elements of one operator that lead to the same level, with rate and elements multiplied.
  @inline(__always)
  private func forEachMeeting(_ body: (_ bath: Int, _ value: Double, _ first: Element, _ second: Element) -> Void) {
    for jump in operators {
      for first in elements[jump.elements] {
        for second in elements[jump.elements] where second.target == first.target {
          body(jump.bath, jump.rate * first.value * second.value, first, second)
        }
      }
    }
  }
}

extension MasterEquation.Element {
  /// The element of the adjoint operator.
  var reversed: MasterEquation.Element { .init(target: source, source: target, value: value) }
}
