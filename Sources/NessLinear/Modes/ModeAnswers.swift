import NessMath
import NessModel
import NessStatistics

extension Model {
  /// What linear theory offers of the modes of relaxation, where they are asked for by name.
  ///
  /// - Parameters:
  ///   - terms: decaying terms of the baths.
  ///   - reason: why there are none; nil if there are.
  func modeOffers(sites: Int, terms: Int, unless reason: String? = nil) -> [Offer] {
    let equations = 2 * sites + terms
    let tooMany =
      equations > RelaxationModes.mostEquations
      ? "\(equations) equations of motion are more than the \(RelaxationModes.mostEquations) whose modes are found"
      : nil
    return Quantity.Family.relaxationModes.map {
      Offer($0, work: Double(sites) * Double(sites), unless: reason ?? tooMany)
    }
  }
}

extension RelaxationModes {
  /// The modes of a chain between its baths.
  package init(_ model: ChainModel, withMemory: Bool) throws {
    try self.init(HarmonicNetwork(model, withMemory: withMemory))
  }

  /// Whether any of its quantities is asked for.
  static func areWanted(_ wanted: Set<Quantity.Family>) -> Bool {
    !wanted.isDisjoint(with: Quantity.Family.relaxationModes)
  }

  /// Adds what was asked of them to an answer.
  func add(_ wanted: Set<Quantity.Family>, by method: Method, to answer: inout Answer) {
    answer.add(wanted, by: method, "site", modes.map(\.mode))
    if freeTranslations > 0 {
      answer.notes.append(
        "\(method.rawValue): nothing holds \(freeTranslations == 1 ? "a translation" : "\(freeTranslations) translations"): "
          + "the place is never forgotten, and only the velocity is among the modes")
    }
    if darkModes > 0 {
      answer.notes.append(
        Note.warning(
          "\(method.rawValue): \(darkModes) mode\(darkModes == 1 ? "" : "s") of rate 0: no bath reaches "
            + "\(darkModes == 1 ? "it" : "them") to the precision of the numbers"))
    }
    let exceptional = modes.indices.filter { modes[$0].isExceptional }.map { "\($0 + 1)" }
    if !exceptional.isEmpty {
      let shown = exceptional.prefix(8).joined(separator: ", ") + (exceptional.count > 8 ? " and others" : "")
      answer.notes.append(
        Note.warning(
          "\(method.rawValue): modes \(shown) are at an exceptional point to the precision of the numbers: they have nearly one "
            + "vector, and the bounds of their rates say how far apart they may be"))
    }
  }
}
