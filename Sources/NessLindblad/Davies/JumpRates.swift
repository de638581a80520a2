import NessModel

/// The rates of all jumps between the lowest levels of a quantum box, for every bath and in total: the Pauli equation.
struct JumpRates: Sendable {
  /// Number of levels, M.
  let levels: Int
  /// Energies of the levels [energy].
  let energies: [Double]
  /// For every bath the rate of the jump from level i to level j, both counted from 0, at i M + j [1/time].
  let baths: [[Double]]
  /// The sum over the baths [1/time].
  let total: [Double]

  /// Rates that are known.
  init(levels: Int, energies: [Double], baths: [[Double]], total: [Double]) {
    (self.levels, self.energies, self.baths, self.total) = (levels, energies, baths, total)
  }

  /// The rates  |<m|A|n>|² g((E_n - E_m)/hbar)  of the jumps n -> m of every bath.
  ///
  /// - Throws: `Refusal` of `method` if a tabulated spectrum ends too early or a rate is beyond double precision.
  /// - Accuracy: a few roundings and that of E/T in the exponent; detailed balance holds to the last digit.
  /// - Complexity: O(M²) per bath, one exponential for each pair of levels.
  init(_ model: QuantumBoxModel, levels: Int, method: Method = .davies) throws(Refusal) {
    self.levels = levels
    let box = model.medium
    let ground = box.energy(ofLevel: 1)
    energies = (1...levels).map { Double($0 * $0) * ground }
    var baths: [[Double]] = []
    var total = [Double](repeating: 0, count: levels * levels)
    for attachment in model.attachments {
      try checkReach(of: attachment, on: box, levels: levels, gaps: 3...(max(4, levels * levels) - 1), method)
      if attachment.bath.coupling == .maxwell {
        let rates = Self.thermalising(attachment.bath, on: box, levels: levels)
        for index in rates.indices { total[index] += rates[index] }
        baths.append(rates)
        continue
      }
      var rates = [Double](repeating: 0, count: levels * levels)
      for upper in 1..<max(1, levels) {
        for lower in 0..<upper {
          let square = attachment.bath.square(lower + 1, upper + 1, atWall: attachment.site, of: box)
          if square == 0 { continue }
          let energy = Double((upper + 1) * (upper + 1) - (lower + 1) * (lower + 1)) * ground
          let (emission, absorption) = attachment.bath.exchange(energy, hbar: box.hbar)
          rates[upper * levels + lower] = square * emission
          rates[lower * levels + upper] = square * absorption
        }
      }
      for index in rates.indices { total[index] += rates[index] }
      baths.append(rates)
    }
    if let wrong = total.firstIndex(where: { !$0.isFinite }) {
      let (from, to) = (wrong / levels, wrong % levels)
      for (attachment, rates) in zip(model.attachments, baths) where !rates[wrong].isFinite {
        guard case .formula(let formula) = attachment.bath.spectrum else { continue }
        throw Refusal(
          method,
          formula.reason(
            against: attachment.name, at: abs(energies[from] - energies[to]) / box.hbar, attachment.bath.temperature,
            hbar: box.hbar))
      }
      throw Refusal(
        method,
        "the rate of the jump between levels \(from + 1) and \(to + 1) is \(total[wrong]), "
          + "beyond double precision")
    }
    self.baths = baths
    self.total = total
  }

  /// The rates  rate (v_n / 2l) p_m  of a wall that thermalises at once, in the order of `baths`.
  static func thermalising(_ bath: LindbladBath, on box: QuantumBox, levels: Int) -> [Double] {
    let flux = bath.thermalFlux(levels: levels, of: box)
    var rates = [Double](repeating: 0, count: levels * levels)
    for from in 0..<levels {
      let collisions = bath.rate * box.speed(ofLevel: from + 1) / (2 * box.length)
      for to in 0..<levels where to != from { rates[from * levels + to] = collisions * flux[to] }
    }
    return rates
  }

  /// Bytes that M levels and a number of baths take, working space included.
  static func bytes(levels: Int, baths: Int) -> Double { Double(levels) * Double(levels) * 8 * Double(baths + 2) }
}

/// A matrix has to have enough levels, and a table has to cover the frequencies of the jumps.
///
/// - Parameter gaps: smallest and largest energy of a jump, in units of the lowest level.
/// - Throws: `Refusal` with what is needed and what there is.
func checkReach(
  of attachment: QuantumBoxModel.Attachment, on box: QuantumBox, levels: Int, gaps: ClosedRange<Int>, _ method: Method
) throws(Refusal) {
  if case .matrix(let matrix) = attachment.bath.coupling, matrix.levels < levels {
    throw Refusal(
      method, "the coupling matrix of bath \(attachment.name) has \(matrix.levels) levels, \(levels) are asked for")
  }
  guard case .tabulated(let table) = attachment.bath.spectrum, levels > 1 else { return }
  let first = table.angularFrequencies[0]
  let unit = box.energy(ofLevel: 1) / box.hbar
  let (least, most) = (Double(gaps.lowerBound) * unit, Double(gaps.upperBound) * unit)
  if most > table.limit || least < first {
    throw Refusal(
      method,
      "\(levels) levels need the spectrum of bath \(attachment.name) between the angular frequencies \(least.short) "
        + "and \(most.short), but its table covers \(first.short) to \(table.limit.short): extend the table, or "
        + "set medium.levels lower")
  }
}
