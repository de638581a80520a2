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
    let populations = form.energies.indices.map { state.density.matrix.real[$0, $0] }
    let validity = LevelValidity(form: form, method: state.method, populations: populations)
    var notes = [sizeNote] + directionNotes + bathNotes + validity.strengthNotes + oscillatorNotes + shiftNotes
    switch state.method {
    case .davies, .liouvillian: notes += validity.secularNotes + jumpNotes
    case .redfield: notes += positivityNotes + lawNotes(entropy)
    case .local: notes += lawNotes(entropy)
    default: break
    }
    return notes
  }

  /// What the secular equation makes of jumps that are given.
  private var jumpNotes: [String] {
    guard model.hasJumps else { return [] }
    return [
      Note.warning(
        "\(method): of the given jumps only what does not mix energies of the whole is kept, as if they were weak beside all distances of the levels; "
          + "\(model.hasJumpsAlone ? "local solves" : "local and redfield solve") the equation with the jumps as they are written"
      )
    ]
  }

  /// Which way a current is counted, where the names do not tell.
  private var directionNotes: [String] {
    guard let (left, right) = model.terminals, (left.name, right.name) != ("left", "right") else { return [] }
    return ["\(method): heatCurrent is counted from bath \(left.name) to bath \(right.name)"]
  }

  private var sizeNote: String {
    var text = "\(method): \(form.levels) \(noun)"
    let most = form.blocks.map(\.count).max() ?? 1
    if most > 1 {
      let equal = form.blocks.filter { $0.count > 1 }.count
      text += ", \(equal) \(equal == 1 ? "energy" : "energies") with up to \(most) of them"
      text +=
        form.occupations == nil
        ? " (equal to \(form.tolerance.text(digits: 1)) of the range of energies): coherences between these are kept, and population is their mean"
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

  /// Oscillators whose highest level is populated: what would go further up is cut off.
  private var oscillatorNotes: [String] {
    guard form.occupations == nil, form.vectors.rows == form.levels else { return [] }
    let dimensions = model.medium.parts.map(\.levels)
    var inner = dimensions.reduce(1, *)
    guard inner == form.levels else { return [] }
    var worst: (part: Int, levels: Int, share: Double)?
    for (index, part) in model.medium.parts.enumerated() {
      let levels = dimensions[index]
      inner /= levels
      guard case .oscillator = part else { continue }
      var share = 0.0
      for basis in 0..<form.levels where basis / inner % levels == levels - 1 {
        for (level, population) in state.populations.enumerated() {
          let part = form.vectors[basis, level].magnitude
          share += population.value * part * part
        }
      }
      if share > (worst?.share ?? 1e-3) { worst = (index + 1, levels, share) }
    }
    guard let worst else { return [] }
    return [
      Note.warning(
        "\(method): the highest of the \(worst.levels) levels of oscillator \(worst.part) holds \(worst.share.text(digits: 2)) of the probability: what "
          + "would go further up is cut off, and the heats are off by as much or more; take more levels")
    ]
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
        : "\(method): keeps the second law here: entropy production is "
          + (entropy.value < entropy.bound ? "0 within rounding" : "\(entropy.value.short) per time")
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
            "\(method.rawValue): the heat from bath \(attachment.name) is \(current.words), by davies \(other.words): "
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
