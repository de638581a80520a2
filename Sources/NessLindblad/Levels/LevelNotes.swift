import NessModel
import NessStatistics

/// What is said beside the numbers.
struct LevelNotes {
  let model: LevelModel
  let form: LevelForm
  let state: LevelState

  private var method: String { state.method.rawValue }
  private var noun: String { form.occupations == nil ? "levels" : "states" }

  func all(_ entropy: Bounded?) -> [String] {
    var notes = [sizeNote] + bathNotes + shiftNotes
    switch state.method {
    case .davies: notes += secularNotes
    case .redfield: notes += positivityNotes + lawNotes(entropy)
    case .local: notes += lawNotes(entropy)
    default: break
    }
    return notes
  }

  private var sizeNote: String {
    var text = "\(method): \(form.levels) \(noun)"
    let most = form.blocks.map(\.count).max() ?? 1
    if most > 1 {
      let equal = form.blocks.filter { $0.count > 1 }.count
      text += ", \(equal) \(equal == 1 ? "energy" : "energies") with up to \(most) of them"
      text +=
        form.occupations == nil
        ? " (equal to \(LevelForm.tolerance.short) of the range of energies): coherences between these are kept, and population is their mean"
        : ": coherences between these are kept"
    }
    if let condition = state.reciprocalCondition {
      text += "; condition of the equations 1/\(condition.text(digits: 2))"
    }
    if let report = state.report {
      text += "; solved in \(report.steps) steps, \(report.residual.text(digits: 2)) of the equations is left"
    }
    if state.method != .redfield, let least = state.smallestEigenvalue {
      text += "; smallest eigenvalue of the density matrix \(least.value.text(digits: 2))"
    }
    return text
  }

  /// What becomes of shifts that are asked for.
  private var shiftNotes: [String] {
    guard form.baths.contains(where: { $0.shift != nil }) else { return [] }
    // Others refuse for that, and are not asked for by name.
    if let reason = form.reasonAgainstShifts { return [Note.warning("\(method): shifts of the levels: \(reason)")] }
    return [
      state.secular != nil
        ? "\(method): every level has an energy of its own, so shifts of the levels change nothing"
        : "\(method): shifts of the levels by their baths are included"
    ]
  }

  /// Baths that exchange no heat whatever the temperatures.
  private var bathNotes: [String] {
    form.baths.compactMap { bath in
      let acts = form.energies.indices.contains { row in
        form.energies.indices.contains { column in
          form.blockOf[row] != form.blockOf[column] && bath.matrix[row, column].magnitude > 0
        }
      }
      return acts
        ? nil
        : Note.warning("\(method): bath \(bath.name) joins no \(noun) of different energy, so it exchanges no heat")
    }
  }

  /// Levels so near that the rates mix them, where a bath could.
  private var secularNotes: [String] {
    var rates = [Double](repeating: 0, count: form.levels)
    for bath in form.baths {
      for (matrix, rate) in form.operators(of: bath) {
        for from in 0..<form.levels {
          for to in 0..<form.levels where to != from {
            let size = matrix[to, from].magnitude
            if size > 0 { rates[from] += size * size * rate(form.energies[from] - form.energies[to]) }
          }
        }
      }
    }
    var worst: (lower: Int, upper: Int, ratio: Double)?
    for upper in 0..<form.levels {
      for lower in 0..<upper where form.blockOf[lower] != form.blockOf[upper] {
        let frequency = (form.energies[upper] - form.energies[lower]) / form.hbar
        let ratio = max(rates[upper], rates[lower]) / frequency
        guard ratio.isFinite, ratio > worst?.ratio ?? 0.1, isMixed(lower, upper) else { continue }
        worst = (lower, upper, ratio)
      }
    }
    guard let worst else { return [] }
    return [
      Note.warning(
        "davies: \(noun) \(worst.lower + 1) and \(worst.upper + 1) are left at \(worst.ratio.short) times the angular frequency of "
          + "their distance: the secular equation is for much less; compare redfield")
    ]
  }

  /// Whether a bath leads from two levels to a third, so that their coherence is fed.
  private func isMixed(_ one: Int, _ other: Int) -> Bool {
    form.baths.contains { bath in
      form.energies.indices.contains { bath.matrix[$0, one].magnitude > 0 && bath.matrix[$0, other].magnitude > 0 }
    }
  }

  private var positivityNotes: [String] {
    guard let least = state.smallestEigenvalue else { return [] }
    if least.value < -least.bound {
      return [
        Note.warning(
          "redfield: not a state: an eigenvalue of the density matrix is \(least.value.text(digits: 3)), below 0")
      ]
    }
    return ["redfield: smallest eigenvalue of the density matrix \(least.value.text(digits: 2))"]
  }

  /// Whether the second law holds, in words.
  private func lawNotes(_ entropy: Bounded?) -> [String] {
    guard model.attachments.allSatisfy(\.bath.law.isThermal) else { return [] }
    let temperatures = Set(model.attachments.map(\.bath.temperature))
    if temperatures.count == 1, let temperature = temperatures.first {
      let (place, current) =
        state.currents.enumerated().max { abs($0.element.value) < abs($1.element.value) } ?? (0, Bounded(0, 0))
      return [
        abs(current.value) > current.bound
          ? Note.warning(
            "\(method): breaks the second law: all baths have temperature \(temperature.short), yet \(current.value.short) of heat "
              + "per time flows from bath \(model.attachments[place].name)")
          : "\(method): keeps the second law here: no heat flows at equal temperatures"
      ]
    }
    guard let entropy else {
      for (attachment, current) in zip(model.attachments, state.currents)
      where attachment.bath.temperature == 0 && current.value > current.bound {
        return [
          Note.warning(
            "\(method): breaks the second law: \(current.value.short) of heat per time flows from bath \(attachment.name) of "
              + "temperature 0")
        ]
      }
      return ["\(method): keeps the second law here: baths of temperature 0 take heat only"]
    }
    return [
      entropy.value < -entropy.bound
        ? Note.warning(
          "\(method): breaks the second law: entropy production is \(entropy.value.short) per time, below 0")
        : "\(method): keeps the second law here: entropy production is \(entropy.value.short) per time"
    ]
  }
}

extension LevelState {
  /// Where another equation says something else than the secular one.
  func disagreement(with davies: LevelState, of model: LevelModel) -> [String] {
    for ((attachment, current), other) in zip(zip(model.attachments, currents), davies.currents) {
      let bound = current.bound + other.bound
      let (mine, theirs) = (abs(current.value), abs(other.value))
      if mine > bound, theirs > bound, current.value * other.value < 0 {
        return [
          Note.warning(
            "\(method.rawValue): the heat from bath \(attachment.name) is \(current.value.short), by davies \(other.value.short): "
              + "they differ in sign")
        ]
      }
      let difference = abs(current.value - other.value)
      if difference > 0.25 * max(mine, theirs), difference > 10 * bound {
        return [
          Note.warning(
            "\(method.rawValue): the heat from bath \(attachment.name) is \(current.value.short), by davies \(other.value.short): "
              + "the answer depends on the equation"
              + (method == .local ? ": local is for parts that hardly know of one another" : ""))
        ]
      }
      if method == .liouvillian, difference > bound {
        return [
          Note.warning(
            "liouvillian: differs from davies by \(difference.short) in the heat from bath \(attachment.name), more than rounding "
              + "explains")
        ]
      }
    }
    return []
  }
}
