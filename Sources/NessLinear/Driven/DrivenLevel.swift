import Foundation
import NessMath
import NessModel

/// Means of a driven harmonic network over a period in its periodic state, for a motion in steps: exactly what a simulation of that
/// step measures.
///
/// One step is that of the simulation: drift; at fixed displacements half a kick, friction and noise of the baths, half a kick;
/// parameters change in the middle of the drift. It is linear, so one period is  z -> Phi z + b + noise  of covariance Q, and the
/// periodic state has  <z> = Phi <z> + b  and  C = Phi C Phi^T + Q. The step is symmetric, so what it gives is a series in its square.
package struct DrivenLevel: Sendable {
  /// Heat from every bath per time [energy/time].
  package var heats: [Double]
  /// Work of the drive per time [energy/time].
  package var power = 0.0
  /// Entropy produced in the baths per time [1/time]; not finite where a temperature is 0.
  package var entropyProduction = 0.0
  /// m <v²> of every site [energy].
  package var temperatures: [Double]
  /// The same as a simulation reads it, in the middle of the drift.
  package var readTemperatures: [Double]
  /// Mean displacement of every site, of a free part from its first site [length].
  package var displacements: [Double]
  /// Largest modulus of the Floquet multipliers.
  package var radius = 0.0
  /// Largest mean displacement at any time [length].
  var deflection = 0.0

  /// - Parameter steps: in a period.
  /// - Throws: `LinearAlgebraError.expanding` if deflections do not decay from period to period.
  package init(_ network: DrivenHarmonic, steps: Int, _ watch: WorkWatch = WorkWatch()) throws {
    let sites = network.sites
    heats = [Double](repeating: 0, count: network.contacts.count)
    temperatures = [Double](repeating: 0, count: sites)
    displacements = temperatures
    readTemperatures = temperatures
    let motion = SteppedPeriod(network, steps: steps)
    var map = Matrix.identity(2 * sites)
    var noise = Matrix(rows: 2 * sites, columns: 2 * sites)
    var shift = [Double](repeating: 0, count: 2 * sites)
    for step in 0..<steps {
      if step % 16 == 0, watch.shouldStop() { throw QuadratureError.stopped }
      motion.move(rows: &map, step)
      motion.move(&noise, &shift, step) { _ in }
      watch.report(step, of: 2 * steps)
    }
    let reduction = Reduction(sites: sites, free: network.freeParts)
    let small = reduction.reduced(map: map)
    radius = try eigenvalues(small).map { ($0.real * $0.real + $0.imaginary * $0.imaginary).squareRoot() }.max() ?? 0
    guard radius < 1 else { throw LinearAlgebraError.expanding(spectralRadius: radius) }
    var covariance = reduction.wholeCovariance(
      try discreteLyapunov(map: small, noise: reduction.reduced(covariance: noise)))
    var mean = reduction.wholeVector(
      try solve(Matrix.identity(small.rows) - small, reduction.reduced(vector: shift)))
    try measure(network, motion, &covariance, &mean, watch)
  }

  /// Goes once through the period and sums up.
  private mutating func measure(
    _ network: DrivenHarmonic, _ motion: SteppedPeriod, _ covariance: inout Matrix, _ mean: inout [Double],
    _ watch: WorkWatch
  ) throws {
    let (sites, steps) = (network.sites, motion.steps)
    let masses = network.masses
    var work = 0.0
    var entropy = 0.0
    for step in 0..<steps {
      if step % 16 == 0, watch.shouldStop() { throw QuadratureError.stopped }
      work += motion.switchWork(covariance, mean, step)
      let start = Array(mean[sites...])
      motion.move(&covariance, &mean, step) { moment in
        switch moment {
        case .middle(let site, let square): temperatures[site] += 0.5 * masses[site] * square
        case .friction(let sub, let square):
          let temperature = motion.temperature(of: sub.contact, step)
          let heat = 0.5 * (1 - sub.decay * sub.decay) * (temperature - masses[sub.site] * square)
          heats[sub.contact] += heat
          entropy -= heat / temperature
        }
      }
      for site in 0..<sites {
        displacements[site] += mean[site]
        let velocity = sites + site
        readTemperatures[site] += masses[site] * (covariance[velocity, velocity] + mean[velocity] * mean[velocity])
        deflection = max(deflection, abs(mean[site]))
      }
      for (index, force) in network.forces.enumerated() {
        work += 0.5 * motion.timeStep * motion.force(index, step) * (start[force.site] + mean[sites + force.site])
      }
      watch.report(steps + step, of: 2 * steps)
    }
    heats = heats.map { $0 / network.period }
    power = work / network.period
    entropyProduction = entropy / network.period
    temperatures = temperatures.map { $0 / Double(steps) }
    displacements = displacements.map { $0 / Double(steps) }
    readTemperatures = readTemperatures.map { $0 / Double(steps) }
  }

  /// All of it in a row.
  var values: [Double] { heats + [power, entropyProduction] + temperatures + displacements }
}

/// Coordinates without those that a free part has as a whole: displacements of it count from its first site.
private struct Reduction {
  private let kept: [Int]
  /// For each of all coordinates, the displacement that it counts from.
  private let origin: [Int?]
  private let count: Int

  init(sites: Int, free: [[Int]]) {
    var origin = [Int?](repeating: nil, count: 2 * sites)
    for part in free { for site in part { origin[site] = part[0] } }
    let left = Set(free.map { $0[0] })
    kept = (0..<(2 * sites)).filter { !left.contains($0) }
    self.origin = origin
    count = 2 * sites
  }

  func reduced(map: Matrix) -> Matrix {
    var result = Matrix(rows: kept.count, columns: kept.count)
    for (column, other) in kept.enumerated() {
      for (row, own) in kept.enumerated() {
        result[row, column] = map[own, other] - (origin[own].map { map[$0, other] } ?? 0)
      }
    }
    return result
  }

  func reduced(covariance: Matrix) -> Matrix {
    var result = Matrix(rows: kept.count, columns: kept.count)
    for (column, other) in kept.enumerated() {
      for (row, own) in kept.enumerated() {
        var value = covariance[own, other]
        if let base = origin[own] { value -= covariance[base, other] }
        if let base = origin[other] { value -= covariance[own, base] }
        if let base = origin[own], let far = origin[other] { value += covariance[base, far] }
        result[row, column] = value
      }
    }
    return result
  }

  func reduced(vector: [Double]) -> Matrix {
    var result = Matrix(rows: kept.count, columns: 1)
    for (row, own) in kept.enumerated() { result[row, 0] = vector[own] - (origin[own].map { vector[$0] } ?? 0) }
    return result
  }

  func wholeCovariance(_ covariance: Matrix) -> Matrix {
    var result = Matrix(rows: count, columns: count)
    for (column, other) in kept.enumerated() {
      for (row, own) in kept.enumerated() { result[own, other] = covariance[row, column] }
    }
    return result
  }

  func wholeVector(_ vector: Matrix) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for (row, own) in kept.enumerated() { result[own] = vector[row, 0] }
    return result
  }
}
