import NessFormula
import NessMath
import NessModel

/// What moves the density matrix of a driven system of levels, and what it gives: linear in its real numbers, those of the basis of the
/// parts, x_ii = rho_ii and of i < j sqrt(2) Re rho_ij and sqrt(2) Im rho_ij,
///
///     dx/dt = G(t) x,        d(sums)/dt = R(t) x
///
/// G is the generator of a master equation with energies, operators and rates of the moment.
struct DrivenLevelMotion {
  let model: Model<DrivenLevels>
  let method: Method
  /// Whether a sum is the entropy that is produced.
  private let hasEntropy: Bool
  /// Numbers that are followed: those that reach the populations, or are reached by them, at some time. All others are 0 in a periodic
  /// state that forgets its start.
  private(set) var kept: [Int]
  /// Places of the populations of the states of the parts among them.
  private(set) var diagonal: [Int]
  /// Derivatives of the courses of its numbers with respect to the time.
  private let courseSlopes: [String: Formula]
  /// How H changes with them, if that is the same at all times.
  private let constantSlopes: [(name: String, matrix: ComplexMatrix, bound: Double)]?
  /// All real numbers of the density matrix.
  private let whole: Int
  let period: Double
  /// Largest sum of the sizes in a column of G [1/time].
  private(set) var fastest = 0.0

  /// Numbers that are followed.
  var count: Int { kept.count }

  /// - Throws: `Refusal` where it does not apply; `LinearAlgebraError`.
  init(_ model: Model<DrivenLevels>, _ method: Method) throws {
    (self.model, self.method) = (model, method)
    hasEntropy = model.entropyReason == nil
    period = model.medium.course.period
    let equation = try Self.equation(model, method, at: 0)
    let generator = equation.generator
    whole = generator.count
    courseSlopes = model.medium.course.parameters.mapValues { $0.derivative(by: Drive.time) }
    constantSlopes = try Self.constantSlopes(model, method)
    kept = Array(0..<whole)
    diagonal = (0..<equation.form.levels).map(generator.place)
    let flows = try (0..<Self.looks).map { try moment(at: period * (Double($0) + 0.271828) / Double(Self.looks)).flow }
    let reached = Self.reached(from: diagonal, by: flows)
    let places = Dictionary(uniqueKeysWithValues: reached.enumerated().map { ($1, $0) })
    for flow in flows {
      for column in reached { fastest = max(fastest, reached.reduce(0) { $0 + abs(flow[$1, column]) }) }
    }
    kept = reached
    diagonal = diagonal.compactMap { places[$0] }
  }

  private static let looks = 16

  /// Numbers that are joined with some, ascending.
  private static func reached(from first: [Int], by flows: [Matrix]) -> [Int] {
    joinedSets(flows[0].rows) { one, other in flows.contains { $0[one, other] != 0 || $0[other, one] != 0 } }
      .filter { !Set($0).isDisjoint(with: first) }.flatMap { $0 }.sorted()
  }

  /// The sums: heats of the baths, work, energy, and the entropy that is produced.
  var sums: Int { model.attachments.count + (hasEntropy ? 3 : 2) }

  private static func equation(_ model: Model<DrivenLevels>, _ method: Method, at time: Double) throws -> LevelEquation
  {
    let system: LevelModel
    do throws(ModelError) {
      system = try model.system(at: time)
    } catch {
      throw Refusal(method, "at t = \(time.text(digits: 6)): \(error)")
    }
    let form = try LevelForm(system, method)
    if let reason = LevelEquations.reason(against: method, form) {
      throw Refusal(method, "at t = \(time.text(digits: 6)): \(reason)")
    }
    return try LevelEquation(form, method, isWhole: true)
  }

  /// G and R at a moment, and sums of the sizes of what R is made of.
  struct Moment {
    let flow: Matrix
    let sums: Matrix
    /// Largest element of every row of R, made of sizes.
    let sizes: [Double]
    /// Of elements of G and R, relative to their sizes.
    let rounding: Double
  }

  func moment(at time: Double) throws -> Moment {
    let equation = try Self.equation(model, method, at: time)
    let (form, generator) = (equation.form, equation.generator)
    let turned = Self.turned(form.vectors, generator)
    let baths = form.baths.count
    var rows = Matrix(rows: baths, columns: whole)
    for bath in 0..<baths {
      for column in 0..<whole { rows[bath, column] = generator.heats[bath][column] }
    }
    let heats = rows * turned
    var all = Matrix(rows: sums, columns: count)
    var sizes = generator.grossHeats.map { $0.max() ?? 0 }
    let change = try energyChange(at: time)
    let (work, energy) = (generator.numbers(of: change.matrix), generator.numbers(of: form.hamiltonian.matrix))
    let temperatures = model.attachments.indices.map { model.temperature(ofBath: $0, at: time) }
    for (column, number) in kept.enumerated() {
      for bath in 0..<baths {
        all[bath, column] = heats[bath, number]
        if hasEntropy { all[baths + 2, column] -= heats[bath, number] / temperatures[bath] }
      }
      all[baths, column] = work[number]
      all[baths + 1, column] = energy[number]
    }
    // What is not well known of the work counts as what rounding has changed.
    let workSize = work.reduce(0) { max($0, abs($1)) } + change.bound / form.rounding
    sizes += [workSize, energy.reduce(0) { max($0, abs($1)) }]
    if hasEntropy { sizes.append((0..<baths).reduce(0) { $0 + sizes[$1] / temperatures[$1] }) }
    let turning = turned.transposed * (generator.matrix * turned)
    var flow = Matrix(rows: count, columns: count)
    for (column, other) in kept.enumerated() {
      for (row, one) in kept.enumerated() { flow[row, column] = turning[one, other] }
    }
    return Moment(flow: flow, sums: all, sizes: sizes, rounding: form.rounding)
  }

  /// dH/dt at a time, in the basis of the parts, and a bound of the errors of its elements [energy/time].
  private func energyChange(at time: Double) throws -> (matrix: ComplexMatrix, bound: Double) {
    var (change, bound) = (ComplexMatrix(order: model.medium.system.levels), 0.0)
    for slope in try constantSlopes ?? Self.slopes(model, method, at: time) {
      let factor = courseSlopes[slope.name]?.value([Drive.time: time]) ?? 0
      change = ComplexMatrix(
        real: change.real + factor * slope.matrix.real, imaginary: change.imaginary + factor * slope.matrix.imaginary)
      bound += abs(factor) * slope.bound
    }
    return (change, bound)
  }

  /// How H changes with its driven numbers at a time.
  private static func slopes(
    _ model: Model<DrivenLevels>, _ method: Method, at time: Double
  ) throws(Refusal) -> [(name: String, matrix: ComplexMatrix, bound: Double)] {
    do throws(ModelError) { return try model.energySlopes(at: time) } catch {
      throw Refusal(method, "at t = \(time.text(digits: 6)): \(error)")
    }
  }

  /// The same where it is the same at all times; nil where it is not.
  private static func constantSlopes(
    _ model: Model<DrivenLevels>, _ method: Method
  ) throws(Refusal) -> [(name: String, matrix: ComplexMatrix, bound: Double)]? {
    var found: [[(name: String, matrix: ComplexMatrix, bound: Double)]] = []
    for look in 0..<5 {
      found.append(try slopes(model, method, at: model.medium.course.period * (Double(look) + 0.271828) / 5))
    }
    for other in found.dropFirst() {
      for (one, next) in zip(found[0], other) {
        let differences = [one.matrix.real - next.matrix.real, one.matrix.imaginary - next.matrix.imaginary]
        if differences.contains(where: { $0.largestElement > 4 * (one.bound + next.bound) }) { return nil }
      }
    }
    return found[0]
  }

  /// The orthogonal matrix that makes of the numbers in the basis of the parts those between levels, V* rho V.
  private static func turned(_ vectors: ComplexMatrix, _ generator: LevelGenerator) -> Matrix {
    let (levels, count) = (generator.levels, generator.count)
    var turned = Matrix(rows: count, columns: count)
    let half = 0.5.squareRoot()
    // rho = E_kl z + E_lk conj(z):  (V* rho V)_ij = conj(V_ki) V_lj z + conj(V_li) V_kj conj(z)
    func put(_ column: Int, _ k: Int, _ l: Int, _ z: Complex) {
      for i in 0..<levels {
        for j in i..<levels {
          var value = (vectors[k, i].conjugate * vectors[l, j]) * z
          if k != l { value += (vectors[l, i].conjugate * vectors[k, j]) * z.conjugate }
          if i == j {
            turned[generator.place(ofLevel: i), column] = value.real
          } else if let pair = generator.pair(i, j) {
            turned[pair.real, column] = 2.0.squareRoot() * value.real
            turned[pair.imaginary, column] = 2.0.squareRoot() * value.imaginary
          }
        }
      }
    }
    for k in 0..<levels {
      put(generator.place(ofLevel: k), k, k, Complex(1))
      for l in (k + 1)..<max(levels, k + 1) {
        guard let pair = generator.pair(k, l) else { continue }
        put(pair.real, k, l, Complex(half))
        put(pair.imaginary, k, l, Complex(0, half))
      }
    }
    return turned
  }
}
