import NessMath
import NessModel

/// A master equation of one system of levels: what of the density matrix is followed, and what the baths do to it.
struct LevelEquation {
  let form: LevelForm
  let method: Method
  /// Pairs of levels that are followed, at i M + j.
  private let kept: [Bool]
  /// Of every bath the jumps by the local equation, between levels.
  private let jumps: [[(jump: ComplexMatrix, energy: Double)]]

  /// - Parameter isWhole: whether all of the density matrix is followed, and not only what has to do with its steady state.
  /// - Throws: `Refusal` if a rate is no number; `LinearAlgebraError.notConverged`.
  init(_ form: LevelForm, _ method: Method, isWhole: Bool) throws {
    (self.form, self.method) = (form, method)
    let jumps = try form.baths.map { bath -> [(jump: ComplexMatrix, energy: Double)] in
      guard method == .local, case .thermal = bath.law else { return [] }
      return form.between(try form.localJumps(of: bath))
    }
    self.jumps = jumps
    let levels = form.levels
    var kept = [Bool](repeating: true, count: levels * levels)
    if !isWhole {
      kept = form.pairsOfPopulations(
        zip(form.baths, jumps).flatMap { bath, jumps in
          guard case .thermal = bath.law else { return [bath.matrix, bath.matrix.adjoint] }
          return method == .local ? jumps.map(\.jump) : [bath.matrix]
        })
    }
    if method == .davies {
      for pair in kept.indices where form.blockOf[pair / levels] != form.blockOf[pair % levels] { kept[pair] = false }
    }
    self.kept = kept
  }

  /// The number of real numbers that are followed.
  var count: Int { kept.count { $0 } }

  /// Its generator.
  var generator: LevelGenerator { generator(kept) }

  /// What it does to a density matrix; not of the secular equation.
  var action: LevelAction { LevelAction(form, method, kept: kept, jumps: jumps) }

  /// The pairs i < j that are followed.
  var pairs: [(i: Int, j: Int)] {
    let levels = form.levels
    var pairs: [(i: Int, j: Int)] = []
    for i in 0..<levels {
      for j in (i + 1)..<max(levels, i + 1) where kept[i * levels + j] { pairs.append((i, j)) }
    }
    return pairs
  }

  private func generator(_ kept: [Bool]) -> LevelGenerator {
    var generator = LevelGenerator(form, kept: kept)
    generator.addTurning(form)
    for bath in form.baths.indices { add(bath, to: &generator) }
    return generator
  }

  /// What the elements of one bath's generator, times powers of the energy that they take from it, do to numbers.
  ///
  /// - Parameters:
  ///   - values: real numbers of a Hermitian matrix, in the order of the generator.
  ///   - isSlope: whether it is that of the derivative of the elements with respect to the bath's temperature.
  func counted(_ bath: Int, _ values: [Double], isSlope: Bool) -> LevelGenerator.Counted {
    var generator = LevelGenerator(form, kept: kept, counting: values, isSlope: isSlope)
    add(bath, to: &generator)
    return generator.counted ?? .init(values)
  }

  /// The generator with the weights of a counting field x on a bath, or how it changes with x.
  func weighted(_ bath: Int, _ x: Double, isSlope: Bool) -> LevelGenerator {
    var generator = LevelGenerator(form, kept: kept, weight: .init(bath: bath, x: x, isSlope: isSlope))
    if !isSlope { generator.addTurning(form) }
    for bath in form.baths.indices { add(bath, to: &generator) }
    return generator
  }

  private func add(_ bath: Int, to generator: inout LevelGenerator) {
    switch method {
    case .redfield: generator.addRedfield(form, bath: bath)
    case .local: generator.addLocal(form, bath: bath, jumps[bath])
    default: generator.addSecular(form, bath: bath)
    }
  }
}
