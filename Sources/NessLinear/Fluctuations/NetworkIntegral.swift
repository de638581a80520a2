import NessMath
import NessModel

/// Functions of the response of a network that are integrated over all frequencies together, each with a sign of its own.
protocol NetworkIntegrand {
  /// Number of functions.
  var count: Int { get }
  /// Fills the functions at sixteen frequencies.
  func evaluate(_ response: NetworkResponse, into values: inout [Lanes])
  /// Fills what is at least their size: what becomes of them if nothing cancels. It grows with every |G|².
  ///
  /// - Parameter squares: |G|² of the pairs of stations, by `NetworkResponse.pair`.
  func evaluateSizes(_ response: NetworkResponse, squares: [Lanes], into sizes: inout [Lanes])
  /// A frequency below which nothing but the response depends on it; infinite if nothing does at all.
  var scale: Double { get }
  /// What rounding of all but the response changes of the functions, relative to their sizes.
  func rounding(_ frequency: Lanes) -> Double
}

extension NetworkIntegrand {
  var scale: Double { .infinity }
  func rounding(_ frequency: Lanes) -> Double { 0 }
}

/// The integrals of such functions over the mesh of the transmissions,
///
///     int_0^inf dw f(w)     in natural units
///
/// with bounds on their errors: that of the quadrature, and what rounding of G and of the frequencies changes.
struct NetworkIntegral {
  /// Values in the order of the functions.
  private(set) var values: [Double]
  /// Bounds on their errors, without what belongs to resonances that were missed.
  private(set) var errors: [Double]

  private static let mostPanels = 4_000_000

  /// - Throws: `QuadratureError.notFinite`, `.stopped`.
  init(
    _ integrand: some NetworkIntegrand, _ modes: NetworkModes, _ mesh: NetworkMesh, relativeTolerance: Double,
    watch: WorkWatch
  ) throws(QuadratureError) {
    let count = integrand.count
    (values, errors) = (Array(repeating: 0, count: count), Array(repeating: 0, count: count))
    var response = NetworkResponse(modes)
    var noise = NetworkNoise(modes)
    var (found, sizes, changed) = (
      [Lanes](repeating: .zero, count: count), [Lanes](repeating: .zero, count: count),
      [Lanes](repeating: .zero, count: count)
    )
    // The sizes expected, by one point of every cell.
    var expected = [Double](repeating: 0, count: count)
    for group in mesh.groups {
      if watch.shouldStop() { throw .stopped }
      let (at, widths) = mesh.middles(of: group)
      response.evaluate(at)
      integrand.evaluateSizes(response, squares: response.squares, into: &sizes)
      let weight = at.density * widths
      for place in 0..<count { expected[place] += (sizes[place] * weight).sum() }
    }
    let accepted = relativeTolerance / Double(max(32, mesh.cells.count))
    var tallies: [(tally: PanelTally, rounding: Double)] = []
    tallies.reserveCapacity(count)
    var differences = [Lanes](repeating: .zero, count: response.real.count)
    try mesh.visit(scale: integrand.scale, most: Self.mostPanels, watch) { group in
      response.evaluate(mesh.middles(of: group).at)
      let middle = response
      noise.set(modes.stations, middle, anchor: mesh.cells[group.lowerBound].anchor) { row, column in
        let place = NetworkResponse.pair(row, column)
        return (middle.real[place], middle.imaginary[place])
      }
      for one in modes.stations.indices {
        for other in 0...one { differences[NetworkResponse.pair(one, other)] = noise.between(one, other) }
      }
    } accept: { cell, lane, isLast throws(QuadratureError) in
      let half = 0.5 * cell.width
      let at = mesh.frequencies(of: cell)
      response.evaluate(at)
      integrand.evaluate(response, into: &found)
      let squares = response.squares
      integrand.evaluateSizes(response, squares: squares, into: &sizes)
      let relative = 2 * mesh.roundingError(of: cell, operations: 8 + Double(response.stations))
      var largest = squares
      for pair in squares.indices {
        let difference = differences[pair][lane]
        largest[pair] =
          squares[pair] * (1 + relative) + 2 * difference * squares[pair].squareRoot()
          + difference * difference
      }
      integrand.evaluateSizes(response, squares: largest, into: &changed)
      let ownRounding = 4e-15 + integrand.rounding(at.frequency)
      tallies.removeAll(keepingCapacity: true)
      for place in 0..<count {
        let values = found[place] * at.density
        let tally = withUnsafePointer(to: values) { PanelTally($0, halfWidth: half) }
        guard tally.value.isFinite else { throw .notFinite(near: modes.frequencyUnit * at.frequency[7]) }
        let size = half * (sizes[place] * at.density * GaussKronrod15.weights).sum()
        let grown = half * (changed[place] * at.density * GaussKronrod15.weights).sum()
        // The weights of the bath terms and of the products on the way are rounded as well.
        let rounding = max(0, grown - size) + ownRounding * size
        if !isLast && tally.error > max(accepted * expected[place], rounding) { return false }
        tallies.append((tally, rounding))
      }
      for place in 0..<count {
        values[place] += tallies[place].tally.value
        errors[place] += NetworkMesh.caution * tallies[place].tally.error + tallies[place].rounding
      }
      return true
    }
  }
}

extension NetworkResponse {
  /// |G|² of the pairs of stations.
  var squares: [Lanes] {
    zip(real, imaginary).map { real, imaginary in (real * real).addingProduct(imaginary, imaginary) }
  }
}
