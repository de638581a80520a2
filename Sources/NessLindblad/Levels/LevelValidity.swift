import Foundation
import NessMath
import NessModel

/// Whether master equations are meant for a system of levels and its baths.
struct LevelValidity {
  let form: LevelForm
  let method: Method
  /// Share of every level in all that the baths do, by the energy that they move; nil where the state is not known. What is hardly populated speaks
  /// neither for nor against a method, however fast it is left.
  private let shares: [Double]?

  /// - Parameter populations: of the levels, in the steady state.
  init(form: LevelForm, method: Method, populations: [Double]? = nil) {
    (self.form, self.method) = (form, method)
    guard let populations else {
      shares = nil
      return
    }
    var moved = [Double](repeating: 0, count: form.levels)
    for bath in form.baths {
      Self.visit(bath, of: form) { from, _, energy, lost in
        let part = lost * abs(energy) * populations[from]
        if part.isFinite { moved[from] += part }
      }
    }
    let whole = moved.reduce(0, +)
    shares = whole > 0 ? moved.map { $0 / whole } : nil
  }

  /// All jumps of a bath, with the energy that each gives and its rate; those from a level to itself turn its coherences.
  private static func visit(
    _ bath: LevelForm.Bath, of form: LevelForm,
    _ body: (_ from: Int, _ to: Int, _ energy: Double, _ rate: Double) -> Void
  ) {
    for from in 0..<form.levels {
      for to in 0..<form.levels {
        var rate = bath.rates[from * form.levels + to]
        if from == to, case .thermal(let law) = bath.law, bath.matrix[from, from] != Complex(0) {
          let size = bath.matrix[from, from].magnitude
          rate = size * size * law.rate(ofGiving: 0, hbar: form.hbar)
        }
        if rate != 0 { body(from, to, form.energies[from] - form.energies[to], rate) }
      }
    }
  }

  private static let leastShare = 1e-3

  private func matters(_ level: Int) -> Bool { shares.map { $0[level] >= Self.leastShare } ?? true }

  private var noun: String { form.occupations == nil ? "levels" : "states" }

  /// All that speaks against a method.
  var warnings: [String] { strengthNotes + (method == .davies || method == .liouvillian ? secularNotes : []) }

  /// A bath whose memory, which is about hbar/2 pi T or the period of what it takes, is no shorter than the life of a level.
  var strengthNotes: [String] {
    for bath in form.baths {
      guard case .thermal(let law) = bath.law else { continue }
      var worst = (ratio: 0.5, rate: 0.0)
      Self.visit(bath, of: form) { from, _, energy, lost in
        let memory = max(abs(energy), 2 * Double.pi * law.temperature) / form.hbar
        // What changes no level at temperature 0 has neither.
        guard matters(from), memory > 0, lost.isFinite, lost > worst.ratio * memory else { return }
        worst = (lost / memory, lost)
      }
      if worst.rate > 0 {
        return [
          Note.warning(
            "\(method.rawValue): bath \(bath.name) changes levels at a rate of \(worst.rate.short), \(worst.ratio.short) times that at which it forgets "
              + "(the larger of the frequency and 2 pi T/hbar): master equations are for weak coupling, and no method here is right for this one"
          )
        ]
      }
    }
    return []
  }

  /// Rate at which every level is left.
  private var rates: [Double] {
    var rates = [Double](repeating: 0, count: form.levels)
    for bath in form.baths {
      Self.visit(bath, of: form) { from, to, _, lost in if to != from { rates[from] += lost } }
    }
    return rates
  }

  /// Coherences of a start that a bath passes on to others, turning so little faster or slower that the secular equation, which does not let them, is
  /// not meant for them.
  func coherenceNotes(_ start: ComplexMatrix) -> [String] {
    let (levels, energies, rates) = (form.levels, form.energies, rates)
    let pairs = (0..<levels).flatMap { i in
      (0..<levels).filter { $0 > i && form.blockOf[$0] != form.blockOf[i] }.map { (i: i, j: $0) }
    }
    var worst: (one: (i: Int, j: Int), other: (i: Int, j: Int), ratio: Double)?
    for one in pairs where start[one.i, one.j].magnitude > 1e-6 {
      let own = energies[one.j] - energies[one.i]
      for other in pairs where other != one {
        let difference = abs(energies[other.j] - energies[other.i] - own)
        // Within the tolerance they are one frequency, and are followed together.
        if difference <= 2 * form.tolerance * form.spread { continue }
        let rate = 0.5 * max(rates[one.i] + rates[one.j], rates[other.i] + rates[other.j])
        let ratio = rate * form.hbar / difference
        guard ratio > worst?.ratio ?? 0.1 else { continue }
        let isFed = form.baths.contains { bath in
          let matrix = bath.matrix
          return matrix[other.i, one.i].magnitude > 0 && matrix[other.j, one.j].magnitude > 0
            || matrix[one.i, other.i].magnitude > 0 && matrix[one.j, other.j].magnitude > 0
        }
        if isFed { worst = (one, other, ratio) }
      }
    }
    guard let worst else { return [] }
    return [
      Note.warning(
        "\(method.rawValue): coherences of levels \(worst.one.i + 1), \(worst.one.j + 1) and \(worst.other.i + 1), \(worst.other.j + 1) are lost at "
          + "\(worst.ratio.short) times the difference of their angular frequencies, and the start has them: the secular equation is for much less; "
          + "compare redfield along the transient")
    ]
  }

  /// Levels so near that the rates mix them, where a bath could.
  var secularNotes: [String] {
    let rates = rates
    var worst: (lower: Int, upper: Int, ratio: Double)?
    for upper in 0..<form.levels {
      for lower in 0..<upper where form.blockOf[lower] != form.blockOf[upper] && (matters(lower) || matters(upper)) {
        let frequency = (form.energies[upper] - form.energies[lower]) / form.hbar
        let ratio = max(rates[upper], rates[lower]) / frequency
        guard ratio.isFinite, ratio > worst?.ratio ?? 0.1, isMixed(lower, upper) else { continue }
        worst = (lower, upper, ratio)
      }
    }
    guard let worst else { return [] }
    return [
      Note.warning(
        "\(method.rawValue): \(noun) \(worst.lower + 1) and \(worst.upper + 1) are left at \(worst.ratio.short) times the angular frequency of "
          + "their distance: the secular equation is for much less; compare redfield")
    ]
  }

  /// Whether a bath leads from two levels to a third, so that their coherence is fed.
  private func isMixed(_ one: Int, _ other: Int) -> Bool {
    form.baths.contains { bath in
      form.energies.indices.contains { bath.matrix[$0, one].magnitude > 0 && bath.matrix[$0, other].magnitude > 0 }
    }
  }
}
