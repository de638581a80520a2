import NessFiles
import NessModel

// MARK: - Figures by name: a kind, a quantity, or a family of quantities

extension StudyFigures {
  /// What a name stands for.
  private enum Subject {
    case kind(Kind)
    case member(Quantity)
    case members(Quantity.Family)

    init?(_ name: String) {
      if let kind = Kind(rawValue: name) ?? Kind.allCases.first(where: { $0.profiled?.rawValue == name }) {
        self = .kind(kind)
      } else if let family = Quantity.Family(rawValue: name), family.members != .one {
        self = .members(family)
      } else if let quantity = Quantity(name) {
        self = .member(quantity)
      } else {
        return nil
      }
    }

    /// Whether it is a profile, or a part of one, that costs work where nobody names it.
    var isOfProfile: Bool {
      switch self {
      case .kind(let kind):
        kind.profiled != nil || [.network, .currentCorrelation, .generatingFunction, .rateFunction].contains(kind)
      case .member(let quantity): !quantity.places.isEmpty
      case .members(let family): family.isNumbered
      }
    }

    /// What is asked for it, if that is a quantity.
    var item: Questions.Item? {
      switch self {
      case .kind: nil
      case .member(let quantity): .member(quantity)
      case .members(let family): .family(family)
      }
    }

    var parts: StudyNumbers.Parts {
      switch self {
      case .kind(.heatCurrent), .kind(.effectiveFriction), .member: .curves
      case .kind(.transmittedHeat): .spectra
      case .kind(.device): .device
      case .kind: []
      case .members(let family): family.isNumbered ? [] : .curves
      }
    }
  }

  /// The figure of that name: a kind, a quantity, or a family of quantities; nil if it is none of them.
  ///
  /// - Throws: `StudyFigureError` if the study does not allow it.
  package func figure(named name: String) throws(StudyFigureError) -> Figure? {
    switch Subject(name) {
    case .kind(let kind): try figure(kind)
    case .member(let quantity): try figure(of: quantity)
    case .members(let family): try figure(ofAll: family)
    case nil: nil
    }
  }

  /// All members of a family: those of baths against the swept parameter, a curve for each; numbered ones along their number.
  ///
  /// - Throws: `StudyFigureError` if the study has none of them.
  package func figure(ofAll family: Quantity.Family) throws(StudyFigureError) -> Figure {
    var figure: Figure
    if case .numbered(let thing) = family.members {
      figure = try profile(of: family, along: thing)
    } else {
      let members = quantities.filter { $0.family == family } + namedMembers(of: family)
      guard let first = members.first else { throw StudyFigureError(absenceAmongQuantities(of: family.rawValue)) }
      figure = try sweepFigure(of: members, title: members.count > 1 ? family.labelOfAll : first.axisLabel)
    }
    figure.identifier = family.rawValue + suffix
    return figure
  }

  /// Members of a family along one axis of names, as the first point has them.
  private func namedMembers(of family: Quantity.Family) -> [Quantity] {
    for point in document.points {
      guard let entry = point.estimates.first(where: { $0.quantity.family == family && $0.axes.count == 1 }),
        case .names? = entry.axes.first?.places
      else { continue }
      return entry.members.map(\.quantity)
    }
    return []
  }

  /// What must be known of a study to draw some figures, by their names; everything for none.
  package static func parts(for names: [String]) -> StudyNumbers.Parts {
    names.isEmpty ? .all : names.map { Subject($0)?.parts ?? .curves }.reduce([]) { $0.union($1) }
  }

  /// What must be asked to draw some figures, by their names; nil for none: what the study asks.
  package static func questions(for names: [String]) -> Questions? {
    if names.isEmpty { return nil }
    let subjects = names.compactMap(Subject.init)
    // What is answered by name only is asked by name.
    let items = subjects.compactMap(\.item)
    if items.contains(where: { $0.family.isOnRequest }) {
      return items.count == names.count ? .named(items) : .all
    }
    // Profiles are worth their work where they are named.
    return names.contains { Subject($0)?.isOfProfile == true } ? .all : .cheap
  }
}

extension Quantity.Family {
  fileprivate var isNumbered: Bool {
    if case .numbered = members { return true }
    return false
  }
}
