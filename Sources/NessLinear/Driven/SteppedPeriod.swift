import Foundation
import NessMath

/// One step after another of a driven harmonic network, for means and covariances of (q, v).
struct SteppedPeriod {
  /// Friction and noise of a bath in a part of a step: v -> decay v + noise.
  struct Friction {
    let contact: Int
    let site: Int
    let decay: Double
  }

  /// What is met within a step.
  enum Moment {
    /// <v²> of a site in the middle of the kick: before the baths, and once more after them.
    case middle(site: Int, square: Double)
    /// <v²> before a friction.
    case friction(Friction, square: Double)
  }

  let steps: Int
  let timeStep: Double
  private let sites: Int
  private let masses: [Double]
  private let frictions: [Friction]
  /// Springs: first site or -1, second site, values at every step or one for all.
  private let springs: [(first: Int, second: Int, stiffness: [Double], slope: [Double])]
  private let moving: [Int]
  private let forces: [(site: Int, values: [Double])]
  private let temperatures: [[Double]]

  init(_ network: DrivenHarmonic, steps: Int) {
    self.steps = steps
    let step = network.period / Double(steps)
    timeStep = step
    sites = network.sites
    masses = network.masses
    func table(_ course: DrivenHarmonic.Course) -> [Double] {
      course.isMoving
        ? (0..<steps).map { course.value(at: (Double($0) + 0.5) * step) } : [course.value(at: 0)]
    }
    springs = network.springs.map { ($0.first ?? -1, $0.second, table($0.stiffness), table($0.slope)) }
    moving = network.springs.indices.filter { network.springs[$0].isMoving }
    forces = network.forces.map { ($0.site, table($0.force)) }
    temperatures = network.contacts.map { table($0.temperature) }
    // In the order of the simulation: a/2, b/2, c, b/2, a/2 on one site.
    var frictions: [Friction] = []
    for site in Set(network.contacts.map(\.site)).sorted() {
      let here = network.contacts.indices.filter { network.contacts[$0].site == site }
      func part(_ contact: Int, _ time: Double) -> Friction {
        Friction(
          contact: contact, site: site, decay: exp(-network.contacts[contact].friction * time / network.masses[site]))
      }
      let halves = here.dropLast().map { part($0, 0.5 * step) }
      frictions += halves + here.suffix(1).map { part($0, step) } + halves.reversed()
    }
    self.frictions = frictions
  }

  func temperature(of contact: Int, _ step: Int) -> Double { Self.value(temperatures[contact], step) }
  func force(_ index: Int, _ step: Int) -> Double { Self.value(forces[index].values, step) }

  private static func value(_ table: [Double], _ step: Int) -> Double { table.count == 1 ? table[0] : table[step] }

  // MARK: steps

  /// A step of the deflections in the columns of a matrix.
  func move(rows map: inout Matrix, _ step: Int) {
    let count = map.rows
    map.elements.withUnsafeMutableBufferPointer { elements in
      for column in 0..<map.columns {
        let vector = UnsafeMutableBufferPointer(rebasing: elements[(column * count)..<((column + 1) * count)])
        drift(vector)
        kick(vector, step)
        for sub in frictions { vector[sites + sub.site] *= sub.decay }
        kick(vector, step)
      }
    }
  }

  /// A step of covariance and mean.
  func move(_ covariance: inout Matrix, _ mean: inout [Double], _ step: Int, _ meet: (Moment) -> Void) {
    let count = 2 * sites
    func velocity(_ site: Int, _ elements: UnsafeMutableBufferPointer<Double>, _ mean: [Double]) -> Double {
      elements[(sites + site) * (count + 1)] + mean[sites + site] * mean[sites + site]
    }
    covariance.elements.withUnsafeMutableBufferPointer { elements in
      mean.withUnsafeMutableBufferPointer { drift($0) }
      both(elements) {
        drift($0)
      } columns: {
        driftColumns(elements)
      }
      mean.withUnsafeMutableBufferPointer { push($0, step) }
      both(elements) {
        kick($0, step)
      } columns: {
        kickColumns(elements, step)
      }
      for site in 0..<sites { meet(.middle(site: site, square: velocity(site, elements, mean))) }
      for sub in frictions {
        meet(.friction(sub, square: velocity(sub.site, elements, mean)))
        let place = sites + sub.site
        mean[place] *= sub.decay
        for other in 0..<count {
          elements[other * count + place] *= sub.decay
          elements[place * count + other] *= sub.decay
        }
        elements[place * (count + 1)] +=
          temperature(of: sub.contact, step) / masses[sub.site] * (1 - sub.decay * sub.decay)
      }
      for site in 0..<sites { meet(.middle(site: site, square: velocity(site, elements, mean))) }
      mean.withUnsafeMutableBufferPointer { push($0, step) }
      both(elements) {
        kick($0, step)
      } columns: {
        kickColumns(elements, step)
      }
    }
  }

  /// S C S^T: S on every column, then the same on the rows.
  private func both(
    _ elements: UnsafeMutableBufferPointer<Double>, rows: (UnsafeMutableBufferPointer<Double>) -> Void,
    columns: () -> Void
  ) {
    let count = 2 * sites
    for column in 0..<count {
      rows(UnsafeMutableBufferPointer(rebasing: elements[(column * count)..<((column + 1) * count)]))
    }
    columns()
  }

  private func drift(_ vector: UnsafeMutableBufferPointer<Double>) {
    for site in 0..<sites { vector[site] += timeStep * vector[sites + site] }
  }

  private func driftColumns(_ elements: UnsafeMutableBufferPointer<Double>) {
    let half = 2 * sites * sites
    for place in 0..<half { elements[place] += timeStep * elements[half + place] }
  }

  /// Half a kick of the springs.
  private func kick(_ vector: UnsafeMutableBufferPointer<Double>, _ step: Int) {
    for spring in springs {
      let impulse = 0.5 * timeStep * Self.value(spring.stiffness, step)
      if spring.first < 0 {
        vector[sites + spring.second] -= impulse / masses[spring.second] * vector[spring.second]
      } else {
        let pull = impulse * (vector[spring.second] - vector[spring.first])
        vector[sites + spring.first] += pull / masses[spring.first]
        vector[sites + spring.second] -= pull / masses[spring.second]
      }
    }
  }

  private func kickColumns(_ elements: UnsafeMutableBufferPointer<Double>, _ step: Int) {
    let count = 2 * sites
    for spring in springs {
      let impulse = 0.5 * timeStep * Self.value(spring.stiffness, step)
      let (far, second) = (spring.second * count, (sites + spring.second) * count)
      if spring.first < 0 {
        let factor = impulse / masses[spring.second]
        for row in 0..<count { elements[second + row] -= factor * elements[far + row] }
      } else {
        let (near, first) = (spring.first * count, (sites + spring.first) * count)
        let (left, right) = (impulse / masses[spring.first], impulse / masses[spring.second])
        for row in 0..<count {
          let stretch = elements[far + row] - elements[near + row]
          elements[first + row] += left * stretch
          elements[second + row] -= right * stretch
        }
      }
    }
  }

  /// Half a kick of springs and forces on the means.
  private func push(_ mean: UnsafeMutableBufferPointer<Double>, _ step: Int) {
    kick(mean, step)
    for spring in springs {
      let impulse = 0.5 * timeStep * Self.value(spring.slope, step)
      if impulse == 0 { continue }
      if spring.first >= 0 { mean[sites + spring.first] += impulse / masses[spring.first] }
      mean[sites + spring.second] -= impulse / masses[spring.second]
    }
    for force in forces {
      mean[sites + force.site] += 0.5 * timeStep * Self.value(force.values, step) / masses[force.site]
    }
  }

  /// Mean change of the energy when the parameters of the step before become those of this one, in the middle of the drift between
  /// them [energy].
  func switchWork(_ covariance: Matrix, _ mean: [Double], _ step: Int) -> Double {
    let last = (step + steps - 1) % steps
    var work = 0.0
    for index in moving {
      let spring = springs[index]
      var parts = [(spring.second, 1.0), (sites + spring.second, 0.5 * timeStep)]
      if spring.first >= 0 { parts += [(spring.first, -1.0), (sites + spring.first, -0.5 * timeStep)] }
      let center = parts.reduce(0) { $0 + $1.1 * mean[$1.0] }
      var square = center * center
      for one in parts { for other in parts { square += one.1 * other.1 * covariance[one.0, other.0] } }
      let stiffness = Self.value(spring.stiffness, step) - Self.value(spring.stiffness, last)
      work += 0.5 * stiffness * square + (Self.value(spring.slope, step) - Self.value(spring.slope, last)) * center
    }
    return work
  }
}
