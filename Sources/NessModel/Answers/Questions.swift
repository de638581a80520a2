/// What is asked of a model.
package enum Questions: Hashable, Sendable {
  /// All that a method answers without work of its own.
  case cheap
  /// All that a method answers, but for what is answered only where it is named (`Quantity.Family.isOnRequest`).
  case usual
  /// All that a method answers, whatever it costs.
  case all
  /// These, and nothing else.
  case named([Item])

  /// What can be named: a family of quantities, or one member of it.
  package enum Item: Hashable, Sendable, CustomStringConvertible {
    /// All members of a family.
    case family(Quantity.Family)
    /// One quantity.
    case member(Quantity)

    /// What is named `kineticTemperature`, `kineticTemperature[3]` or `heatFrom.left`; nil if there is no such quantity.
    package init?(_ name: String) {
      if let family = Quantity.Family(rawValue: name) {
        self = .family(family)
      } else if let quantity = Quantity(name) {
        self = .member(quantity)
      } else {
        return nil
      }
    }

    /// The family that it is or belongs to.
    package var family: Quantity.Family {
      switch self {
      case .family(let family): family
      case .member(let quantity): quantity.family
      }
    }

    /// Its name in files.
    package var description: String {
      switch self {
      case .family(let family): family.rawValue
      case .member(let quantity): quantity.description
      }
    }

    /// Whether it names a quantity.
    package func contains(_ quantity: Quantity) -> Bool {
      switch self {
      case .family(let family): quantity.family == family
      case .member(let member): quantity == member
      }
    }
  }

  /// Some quantities and nothing else.
  package static func only(_ quantities: Quantity...) -> Questions { .named(quantities.map(Item.member)) }
  /// Some families and nothing else.
  package static func only(_ families: [Quantity.Family]) -> Questions { .named(families.map(Item.family)) }

  /// What was named; empty if nothing was.
  package var items: [Item] {
    if case .named(let items) = self { return items }
    return []
  }

  /// Those of which a line along a sweep is drawn: without families of numbered quantities; nil if nothing was named.
  package var alongSweeps: Questions? {
    guard case .named(let items) = self else { return nil }
    return .named(
      items.filter { item in
        guard case .family(let family) = item, case .numbered = family.members else { return true }
        return false
      })
  }

  /// Whether a quantity that was found without work of its own is to be shown.
  package func contains(_ quantity: Quantity) -> Bool {
    switch self {
    case .cheap, .usual: !quantity.family.isOnRequest
    case .all: true
    case .named(let items): items.contains { $0.contains(quantity) }
    }
  }

  /// Whether a member of a family that is answered only where it is named is asked for.
  package func isAsked(_ family: Quantity.Family) -> Bool {
    switch self {
    case .cheap, .usual: false
    case .all: true
    case .named(let items): items.contains { $0.family == family }
    }
  }

  /// Whether what a method offers is asked for.
  package func want(_ offer: Offer) -> Bool {
    switch self {
    case .cheap: offer.work == 0 && !offer.family.isOnRequest
    case .usual: !offer.family.isOnRequest
    case .all: true
    case .named(let items): items.contains { $0.family == offer.family }
    }
  }
}

/// A family of quantities that a method answers, for a model: which members there are, what they cost, or why this model
/// has none of them.
package struct Offer: Sendable {
  /// Which members the model has, as far as that is known before any work.
  package enum Members: Hashable, Sendable {
    /// All that the family has, or as many as are found.
    case all
    /// Numbers 1 to this one.
    case numbers(Int)
    /// One for each of these places, `1-6` for two sites.
    case places([String])
    /// One for each of these baths; without a name if there are none.
    case baths([String])
  }

  /// The family.
  package let family: Quantity.Family
  private let listed: @Sendable () -> Members
  /// What it costs beyond what the method does anyway, counted in pairs of sites; 0 for what costs nothing. Where nobody
  /// names it, it is answered only if that is little for all points of a study together.
  package let work: Double
  /// Why this model has none of it; nil if it has.
  package let reason: String?
  private let excepted: @Sendable () -> [String: String]

  /// An offer; see the properties. Members and exceptions are listed whenever they are asked for: most offers are looked at for their
  /// family alone.
  package init(
    _ family: Quantity.Family, _ members: @autoclosure @escaping @Sendable () -> Members = .all, work: Double = 0,
    unless reason: String? = nil, except exceptions: @autoclosure @escaping @Sendable () -> [String: String] = [:]
  ) {
    excepted = exceptions
    self.family = family
    listed = members
    self.work = work
    self.reason = reason
  }

  /// Its members.
  package var members: Members { listed() }
  /// Places that one may ask for, and why this model has none there.
  package var exceptions: [String: String] { excepted() }

  /// Why a question about this family has no answer; nil if it has one.
  package func reason(against item: Questions.Item) -> String? {
    if let reason { return reason }
    guard case .member(let quantity) = item else { return nil }
    switch members {
    case .all: return nil
    case .numbers(let last):
      return quantity.number.map { $0 <= last } == true
        ? nil : last == 0 ? "there is none" : "there are \(family.rawValue)[1] to [\(last)]"
    case .places(let names):
      let place = quantity.places.joined(separator: ",")
      if names.contains(place) { return nil }
      if let exception = exceptions[place] { return exception }
      let meant = closest(to: place, among: names).map { "did you mean \(family.rawValue)[\($0)]? " } ?? ""
      return names.isEmpty
        ? "there is none"
        : "\(meant)there are "
          + (names.count > 8 ? names.prefix(8) + ["..."] : names).map { "\(family.rawValue)[\($0)]" }.joined(
            separator: ", ")
    case .baths(let names):
      if quantity.bath.map(names.contains) ?? names.isEmpty { return nil }
      return names.isEmpty
        ? "there is one, without the name of a bath"
        : "there are " + names.map { "\(family.rawValue).\($0)" }.joined(separator: ", ")
    }
  }
}

extension Model {
  /// Why no heat flows whatever the temperatures; nil if it may.
  package var oneBathReason: String? { attachments.count > 1 ? nil : "there is one bath, so no heat flows" }
  /// The names of all ordered pairs of baths as they are written, as places along two axes.
  package var pairsOfBaths: [String] {
    let names = writtenBaths.map(\.name)
    return names.flatMap { one in names.map { "\(one),\($0)" } }
  }
  /// Why there is none of what is of two baths that are all there are; nil if there are two.
  ///
  /// - Parameter what: what it is of.
  package func pairReason(_ what: String) -> String? {
    let count = writtenBaths.count
    return count == 2 ? nil : "it is of \(what) between two baths, and there \(count == 1 ? "is one" : "are \(count)")"
  }

  /// The heats that every solver of a medium gives: the heat current, the heat from every bath, the entropy production.
  package var heatOffers: [Offer] {
    [heatCurrentOffer, Offer(.heatFrom, .baths(namesOfHeats)), entropyOffer]
  }

  /// The heat current between two baths.
  package var heatCurrentOffer: Offer {
    let written = writtenBaths
    let count = written.count
    return Offer(
      .heatCurrent,
      unless: written.ends == nil
        ? "it is the heat from the left to the right of two baths, and there \(count == 1 ? "is one" : "are \(count)")"
        : nil)
  }

  /// The entropy produced in the baths.
  package var entropyOffer: Offer {
    let cold = attachments.filter { $0.bath.temperature == 0 }.map(\.name)
    if let driven = attachments.first(where: { !$0.bath.law.isThermal }) {
      return Offer(.entropyProduction, unless: "bath \(driven.name) has no temperature")
    }
    return Offer(
      .entropyProduction,
      unless: cold.isEmpty ? nil : "the temperature of \(cold.joined(separator: ", ")) is 0, where it is infinite")
  }
}
