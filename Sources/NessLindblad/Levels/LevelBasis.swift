import NessMath
import NessModel

/// Levels in the basis of the parts, in sectors of states that the Hamiltonian does not join: making a matrix between levels of an
/// operator costs what it costs between these.
struct LevelBasis: Sendable {
  /// Some states, and the levels made of them.
  private struct Sector: Sendable {
    let states: [Int]
    let levels: [Int]
    /// Of every level its states, one level behind the other; and of every state its levels, filled up to whole vectors.
    let byLevel: [Double]
    let byState: [Double]
    let filled: Int
    /// Where its first state lies if all sectors lie one behind the other.
    let start: Int
  }

  /// The levels as columns, in the basis of the parts.
  let vectors: ComplexMatrix
  /// Empty where vectors are not real, or all in one sector: then products of whole matrices are as good.
  private let sectors: [Sector]
  /// The sector of every state, and its place there.
  private let sectorOf: [Int]
  private let placeOf: [Int]

  /// Up to how many rows small products are the faster ones.
  private static let mostSmall = 64

  /// None.
  init() { (vectors, sectors, sectorOf, placeOf) = (ComplexMatrix(order: 0), [], [], []) }

  /// - Parameter sectors: states of every sector.
  init(_ found: EnergyLevels, _ sectors: [[Int]]) {
    let vectors = found.vectors
    self.vectors = vectors
    let count = vectors.rows
    var (sectorOf, placeOf) = ([Int](repeating: 0, count: count), [Int](repeating: 0, count: count))
    for (sector, states) in sectors.enumerated() {
      for (place, state) in states.enumerated() { (sectorOf[state], placeOf[state]) = (sector, place) }
    }
    (self.sectorOf, self.placeOf) = (sectorOf, placeOf)
    guard sectors.count > 1, vectors.isReal else {
      self.sectors = []
      return
    }
    var levels = [[Int]](repeating: [], count: sectors.count)
    for (level, sector) in found.sectorOf.enumerated() { levels[sector].append(level) }
    var start = 0
    self.sectors = zip(sectors, levels).map { states, levels in
      let filled = BlockFactor.filled(levels.count)
      var byLevel = [Double](repeating: 0, count: states.count * levels.count)
      var byState = [Double](repeating: 0, count: states.count * filled)
      for (column, level) in levels.enumerated() {
        for (row, state) in states.enumerated() {
          let element = vectors.real.elements[level * count + state]
          (byLevel[column * states.count + row], byState[row * filled + column]) = (element, element)
        }
      }
      defer { start += states.count }
      return Sector(
        states: states, levels: levels, byLevel: byLevel, byState: byState, filled: filled, start: start)
    }
  }

  /// V* O V.
  func between(_ matrix: ComplexMatrix) -> ComplexMatrix {
    if sectors.isEmpty { return vectors.adjoint * matrix.applied(to: vectors) }
    // Zeros that are there already take no more room.
    return ComplexMatrix(
      real: between(matrix.real), imaginary: matrix.isReal ? vectors.imaginary : between(matrix.imaginary))
  }

  private func between(_ matrix: Matrix) -> Matrix {
    let count = matrix.rows
    var result = Matrix(rows: count, columns: count)
    var isReached = [Bool](repeating: false, count: sectors.count)
    for from in sectors {
      // What O makes of the levels of this sector: of every state all levels, sector after sector.
      var images = [Double](repeating: 0, count: from.filled * count)
      for sector in sectors.indices { isReached[sector] = false }
      images.withUnsafeMutableBufferPointer { images in
        from.byState.withUnsafeBufferPointer { levels in
          for (place, state) in from.states.enumerated() {
            for row in 0..<count {
              let element = matrix.elements[state * count + row]
              if element == 0 { continue }
              isReached[sectorOf[row]] = true
              let target = (sectors[sectorOf[row]].start + placeOf[row]) * from.filled
              let source = place * from.filled
              for level in 0..<from.filled { images[target + level] += element * levels[source + level] }
            }
          }
        }
      }
      for (sector, to) in sectors.enumerated() where isReached[sector] {
        let block = Self.product(from, images, to)
        result.elements.withUnsafeMutableBufferPointer { result in
          for (column, level) in from.levels.enumerated() {
            for (row, other) in to.levels.enumerated() {
              result[level * count + other] = block[row * from.filled + column]
            }
          }
        }
      }
    }
    return result
  }

  /// Of every level of a sector its scalar products with images.
  private static func product(_ from: Sector, _ images: [Double], _ to: Sector) -> [Double] {
    let (filled, inner) = (from.filled, to.states.count)
    var block = [Double](repeating: 0, count: filled * to.levels.count)
    images.withUnsafeBufferPointer { images in
      to.byLevel.withUnsafeBufferPointer { vectors in
        block.withUnsafeMutableBufferPointer { block in
          guard let images = images.baseAddress, let vectors = vectors.baseAddress, let block = block.baseAddress else {
            return
          }
          let first = images + to.start * filled
          if max(filled, inner) <= mostSmall {
            addSmallProduct(
              rows: filled, inner: inner, columns: to.levels.count, first, filled, vectors, inner, to: block, filled)
          } else {
            accumulateProduct(
              vectors, leftStride: inner, first, rightStride: filled, into: block, stride: filled,
              rows: to.levels.count, columns: filled, inner: inner)
          }
        }
      }
    }
    return block
  }
}
