/// A bath that can touch a system of levels.
package enum LevelBath: BathOnMedium {
  /// In equilibrium, through a Hermitian operator.
  case thermal(ThermalBath)
  /// Jumps of given rates.
  case jumps(JumpBath)

  /// Nil for a bath of another kind.
  package init?(_ law: any Bath) {
    switch law {
    case let law as ThermalBath: self = .thermal(law)
    case let law as JumpBath: self = .jumps(law)
    default: return nil
    }
  }

  /// The law.
  package var law: any Bath {
    switch self {
    case .thermal(let law): law
    case .jumps(let law): law
    }
  }
}

extension Model where MediumType.BathLaw == LevelBath {
  private var jumps: Int { attachments.filter { if case .jumps = $0.bath { true } else { false } }.count }
  /// Whether jumps of given rates are among what acts on the levels.
  package var hasJumps: Bool { jumps > 0 }
  /// Whether nothing but jumps of given rates acts on the levels: then their master equation is the model.
  package var hasJumpsAlone: Bool { jumps == attachments.count }
}

/// The number of the part that a formula of operators names first; nil if it names none.
func firstPart(in formula: String) -> Int? {
  var word = ""
  for character in formula + " " {
    if character.isLetter || character.isNumber || character == "_" {
      word.append(character)
      continue
    }
    let stem = word.prefix { !$0.isNumber }
    if LevelPart.allOperators.contains(String(stem)), let number = Int(word.dropFirst(stem.count)) { return number }
    word = ""
  }
  return nil
}
