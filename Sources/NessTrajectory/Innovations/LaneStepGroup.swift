import CVectorMath

/// What the noise of a group of steps tells about every heat that is followed, in eight replicas.
package final class LaneStepGroup {
  package typealias Lanes = SIMD8<Double>

  /// Steps in a group.
  package static let steps = StepGroup.steps

  /// A coefficient that is read from the state, and the sum of noise that it is multiplied by.
  private struct Reading {
    let noise: Int
    let rest: Double
  }

  private struct Products {
    let later: Int
    let earlier: Int
  }

  /// What tells about one heat.
  private struct Heat {
    let readings: Range<Int>
    let products: Range<Int>
    let mean: Double
  }

  private let sites: Int
  private let forces: UnsafeMutableBufferPointer<BathForce>
  /// Where the noise of every source on momenta is among the sub-steps.
  private let places: UnsafeMutableBufferPointer<Int>
  private let heats: UnsafeMutableBufferPointer<Heat>
  private let readings: UnsafeMutableBufferPointer<Reading>
  private let products: UnsafeMutableBufferPointer<Products>
  /// Weights of the products, `steps` for each.
  private let lags: UnsafeMutableBufferPointer<Double>
  /// Weights of q and v of two readings, site after site, then of the next two; an odd one is read with itself.
  private let weights: UnsafeMutableBufferPointer<Double>
  /// Weights of the forces, reading after reading.
  private let forceWeights: UnsafeMutableBufferPointer<Double>
  /// Of every sum of noise its source, and the polynomial's values at the steps.
  private let sumSources: UnsafeMutableBufferPointer<Int>
  private let sumWeights: UnsafeMutableBufferPointer<Double>
  private let storage: UnsafeMutableBufferPointer<Lanes>
  /// The noise of every source, step after step.
  private let noise: UnsafeMutablePointer<Lanes>
  /// The sums of noise.
  private let sums: UnsafeMutablePointer<Lanes>
  /// What was read of the state.
  private let coefficients: UnsafeMutablePointer<Lanes>

  /// - Parameters:
  ///   - groups: what tells about every heat.
  ///   - places: where the noise on momenta is among all sub-steps.
  ///   - sites: of the medium.
  ///   - laws: the baths of the motion.
  init(_ groups: [StepGroup], places: [Int], sites: Int, _ laws: BathLaws) {
    self.sites = sites
    forces = .copy(of: laws.forces)
    self.places = .copy(of: places)
    let all = groups.flatMap(\.readings)
    var sums: [(source: Int, degree: Int)] = []
    readings = .copy(
      of: all.map { reading in
        let known = sums.firstIndex { $0 == (reading.source, reading.degree) }
        if known == nil { sums.append((reading.source, reading.degree)) }
        return Reading(noise: known ?? sums.count - 1, rest: reading.row.rest)
      })
    sumSources = .copy(of: sums.map(\.source))
    sumWeights = .copy(of: sums.flatMap { StepGroup.polynomials[$0.degree] })
    weights = .copy(of: HeatInnovation.Row.pairedWeights(all.map(\.row)))
    forceWeights = .copy(of: all.flatMap(\.row.force))
    products = .copy(of: groups.flatMap(\.products).map { Products(later: $0.later, earlier: $0.earlier) })
    lags = .copy(of: groups.flatMap(\.products).flatMap(\.weights))
    var (reading, product) = (0, 0)
    heats = .copy(
      of: groups.map { group in
        defer { (reading, product) = (reading + group.readings.count, product + group.products.count) }
        return Heat(
          readings: reading..<(reading + group.readings.count), products: product..<(product + group.products.count),
          mean: group.mean)
      })
    let sources = laws.forces.count + places.count
    // Readings are made in pairs.
    storage = .allocate(capacity: Self.steps * sources + sums.count + all.count + 1)
    storage.initialize(repeating: Lanes())
    noise = storage.baseAddress!  // never empty
    self.sums = noise + Self.steps * sources
    coefficients = self.sums + sums.count
  }

  deinit {
    storage.deallocate()
    forces.deallocate()
    places.deallocate()
    heats.deallocate()
    readings.deallocate()
    products.deallocate()
    lags.deallocate()
    weights.deallocate()
    forceWeights.deallocate()
    sumSources.deallocate()
    sumWeights.deallocate()
  }

  /// Reads the state before a group of steps and the noise that they will meet.
  ///
  /// - Parameters:
  ///   - displacement: q of every site [length].
  ///   - velocity: v of every site [length/time].
  ///   - states: forces that have a state [force].
  ///   - forceNoise: what drives them in the two halves of every step, those of the next force `2 * stride` behind.
  ///   - momentumNoise: what the sub-steps on momenta draw in every step, that of the next sub-step `stride` behind.
  package func read(
    displacement: UnsafePointer<Lanes>, velocity: UnsafePointer<Lanes>, states: UnsafePointer<Lanes>,
    forceNoise: UnsafePointer<Lanes>, momentumNoise: UnsafePointer<Lanes>, stride: Int
  ) {
    for index in 0..<forces.count {
      let (law, drawn) = (forces[index], forceNoise + 2 * index * stride)
      for step in 0..<Self.steps {
        noise[index * Self.steps + step] = law.innovation(states[index], drawn[2 * step], drawn[2 * step + 1])
      }
    }
    for index in 0..<places.count {
      let drawn = momentumNoise + places[index] * stride
      for step in 0..<Self.steps { noise[(forces.count + index) * Self.steps + step] = drawn[step] }
    }
    for index in 0..<sumSources.count {
      let own = noise + sumSources[index] * Self.steps
      let weights = sumWeights.baseAddress! + index * Self.steps  // so many for each
      var sum = Lanes()
      for step in 0..<Self.steps { sum = ness_fma(own[step], Lanes(repeating: weights[step]), sum) }
      sums[index] = sum
    }
    for first in Swift.stride(from: 0, to: readings.count, by: 2) {
      let pair = weights.baseAddress! + 2 * first * sites  // two readings of two weights a site
      ness_two_linear_forms(
        displacement, velocity, pair, sites, coefficients + first, coefficients + first + 1)
    }
    for index in 0..<readings.count {
      var value = coefficients[index] - readings[index].rest
      for force in 0..<forces.count {
        value = ness_fma(states[force], Lanes(repeating: forceWeights[index * forces.count + force]), value)
      }
      coefficients[index] = value
    }
  }

  /// What the noise of the group that was read tells about a heat [energy].
  package func innovation(ofHeat index: Int) -> Lanes {
    let heat = heats[index]
    var sum = Lanes(repeating: -heat.mean)
    for reading in heat.readings { sum = ness_fma(coefficients[reading], sums[readings[reading].noise], sum) }
    for place in heat.products {
      let later = noise + products[place].later * Self.steps
      let earlier = noise + products[place].earlier * Self.steps
      let weights = lags.baseAddress! + place * Self.steps  // so many for each
      for step in 0..<Self.steps {
        var answer = Lanes()
        for before in 0...step {
          answer = ness_fma(earlier[before], Lanes(repeating: weights[step - before]), answer)
        }
        sum = ness_fma(later[step], answer, sum)
      }
    }
    return sum
  }
}
