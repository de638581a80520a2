import NessStatistics

extension Answer {
  /// One quantity by one method: a number, or as many as its axes have places (a profile, populations, a spectrum, a matrix).
  package struct Entry: Sendable, Hashable {
    /// What was asked; of an entry with axes all members together (`Quantity.all`).
    package let quantity: Quantity
    /// How it was obtained.
    package let method: Method
    /// What the estimates depend on; none for a number.
    package let axes: [Axis]
    /// Values and uncertainties, row by row: the last axis changes fastest. Shape [axes[0].count, axes[1].count, ...].
    package let estimates: [Estimate]
    /// What their errors are made of, as many as there are estimates; nil where that is not told apart.
    package private(set) var budgets: [ErrorBudget?]
    /// What it claims to be for the model that was asked about.
    package var claim: Claim

    /// A number; its claim is that of a number without one until a solver says more (`Answer.finish`).
    package init(
      _ quantity: Quantity, _ method: Method, _ estimate: Estimate, budget: ErrorBudget? = nil, claim: Claim? = nil
    ) {
      self.quantity = quantity
      self.method = method
      axes = []
      estimates = [estimate]
      budgets = [budget]
      self.claim = claim ?? .unstated(method)
    }

    /// An array with one place for every place of its axes.
    ///
    /// - Parameters:
    ///   - axes: one or more, none of them empty.
    ///   - estimates: row by row, as many as the counts of the axes say.
    ///   - budgets: as many as estimates, or none.
    package init(
      _ quantity: Quantity, _ method: Method, axes: [Axis], _ estimates: [Estimate], budgets: [ErrorBudget?] = [],
      claim: Claim? = nil
    ) {
      let count = axes.reduce(1) { $0 * $1.count }
      precondition(
        !axes.isEmpty && count > 0 && estimates.count == count && (budgets.isEmpty || budgets.count == count),
        "\(quantity): \(estimates.count) estimates and \(budgets.count) budgets for \(count) places")
      self.quantity = quantity.all
      self.method = method
      self.axes = axes
      self.estimates = estimates
      self.budgets = budgets.isEmpty ? Array(repeating: nil, count: count) : budgets
      self.claim = claim ?? .unstated(method)
    }

    /// The value and uncertainty of a number.
    package var estimate: Estimate {
      precondition(axes.isEmpty, "\(quantity) is no number: it has \(estimates.count) members")
      return estimates[0]
    }

    /// What the error of a number is made of; nil where that is not told apart.
    package var budget: ErrorBudget? {
      get {
        precondition(axes.isEmpty, "\(quantity) is no number: it has \(estimates.count) members")
        return budgets[0]
      }
      set {
        precondition(axes.isEmpty, "\(quantity) is no number: it has \(estimates.count) members")
        budgets[0] = newValue
      }
    }

    /// The estimate less what the linear dynamics tells of its bias: what is to be compared with a theory.
    package var withoutKnownBias: Estimate {
      Estimate(value: estimate.value - (budget?.knownBias ?? 0), uncertainty: estimate.uncertainty)
    }
  }

  /// What the numbers of an entry depend on: sites, levels, frequencies, or names.
  package struct Axis: Sendable, Hashable {
    /// Where the members of an entry are.
    package enum Places: Sendable, Hashable {
      /// Numbers: of sites and the like from 1, or of a continuous variable.
      case values([Double])
      /// Names, for example of baths.
      case names([String])
    }

    /// Its name: `site`, `level`, `angularFrequency`.
    package let name: String
    /// Dimension of its values in words.
    package let dimension: String
    /// Its places, in the order of the estimates.
    package let places: Places

    /// An axis of numbers.
    package init(_ name: String, dimension: String = "1", values: [Double]) {
      self.name = name
      self.dimension = dimension
      places = .values(values)
    }

    /// An axis of names.
    package init(_ name: String, names: [String]) {
      self.name = name
      dimension = "1"
      places = .names(names)
    }

    /// Number of places.
    package var count: Int {
      switch places {
      case .values(let values): values.count
      case .names(let names): names.count
      }
    }

    /// What a place is called in the name of a member: `3`, `0.25`, `left`.
    package func label(_ index: Int) -> String {
      switch places {
      case .values(let values): Int(exactly: values[index]).map { "\($0)" } ?? "\(values[index])"
      case .names(let names): names[index]
      }
    }

    /// The place of that name; nil if there is none.
    package func index(of label: String) -> Int? {
      switch places {
      case .values(let values): Double(label).flatMap(values.firstIndex)
      case .names(let names): names.firstIndex(of: label)
      }
    }

    /// The values of its places; 1, 2, ... for names.
    package var values: [Double] {
      switch places {
      case .values(let values): values
      case .names(let names): (1...max(1, names.count)).map(Double.init)
      }
    }

    fileprivate func keeping(_ kept: [Int]) -> Axis {
      switch places {
      case .values(let values): Axis(name, dimension: dimension, values: kept.map { values[$0] })
      case .names(let names): Axis(name, names: kept.map { names[$0] })
      }
    }
  }
}

extension Answer.Entry {
  /// The numbers that it is made of, row by row, each as an entry without axes; a number is its only member.
  package var members: [Answer.Entry] { axes.isEmpty ? [self] : estimates.indices.map(member) }

  private func member(_ index: Int) -> Answer.Entry {
    var (rest, places) = (index, [String]())
    for axis in axes.reversed() {
      places.append(axis.label(rest % axis.count))
      rest /= axis.count
    }
    return Answer.Entry(
      Quantity(quantity.family, bath: quantity.bath, places: places.reversed()), method, estimates[index],
      budget: budgets[index], claim: claim)
  }

  /// The member that answers a quantity; nil if there is none.
  package func member(_ asked: Quantity) -> Answer.Entry? {
    if axes.isEmpty { return quantity == asked ? self : nil }
    guard quantity == asked.all, asked.places.count == axes.count else { return nil }
    var index = 0
    for (axis, place) in zip(axes, asked.places) {
      guard let found = axis.index(of: place) else { return nil }
      index = index * axis.count + found
    }
    return member(index)
  }

  /// The same without some members: what is left of a matrix are single numbers, if they have names of their own.
  fileprivate func keeping(_ isKept: (Answer.Entry) -> Bool) -> [Answer.Entry] {
    let members = members
    let kept = members.indices.filter { isKept(members[$0]) }
    if kept.count == estimates.count { return [self] }
    if kept.isEmpty { return [] }
    if axes.count != 1 {
      let single = kept.map { members[$0] }
      return single.allSatisfy { Quantity("\($0.quantity)") != nil } ? single : []
    }
    return [
      Answer.Entry(
        quantity, method, axes: [axes[0].keeping(kept)], kept.map { estimates[$0] }, budgets: kept.map { budgets[$0] },
        claim: claim)
    ]
  }
}

/// What entries have in common that become one.
private struct Group: Hashable {
  let quantity: Quantity
  let method: Method
  let claim: Claim
}

extension Sequence<Answer.Entry> {
  /// All numbers, each as an entry without axes.
  package var members: [Answer.Entry] { flatMap(\.members) }

  /// The number that answers a quantity by a method; nil if there is none.
  package func member(_ quantity: Quantity, by method: Method) -> Answer.Entry? {
    lazy.filter { $0.method == method }.compactMap { $0.member(quantity) }.first
  }

  /// The numbers that answer a quantity, by all methods.
  package func members(_ quantity: Quantity) -> [Answer.Entry] { compactMap { $0.member(quantity) } }

  /// The entries with some of their members.
  package func keeping(_ isKept: (Answer.Entry) -> Bool) -> [Answer.Entry] { flatMap { $0.keeping(isKept) } }

  /// The entries with numbered quantities of one family, method and claim together, as one entry whose axis is what they are
  /// numbered by; it stands where the first of them stood.
  package func gathered() -> [Answer.Entry] {
    var order: [[Answer.Entry]] = []
    var groups: [Group: Int] = [:]
    for entry in self {
      guard entry.axes.isEmpty, entry.quantity.places.count == 1, case .numbered = entry.quantity.family.members else {
        order.append([entry])
        continue
      }
      let group = Group(quantity: entry.quantity.all, method: entry.method, claim: entry.claim)
      if let place = groups[group] {
        order[place].append(entry)
      } else {
        groups[group] = order.count
        order.append([entry])
      }
    }
    return order.map { Answer.Entry(joining: $0) }
  }
}

extension Answer.Entry {
  /// One entry of the members of a numbered family; what has no number stays as it is.
  fileprivate init(joining members: [Answer.Entry]) {
    let first = members[0]
    guard first.axes.isEmpty, first.quantity.places.count == 1,
      case .numbered(let name) = first.quantity.family.members
    else {
      self = first
      return
    }
    let numbers = members.compactMap(\.quantity.number)
    let axis =
      numbers.count == members.count
      ? Answer.Axis(name, values: numbers.map(Double.init))
      : Answer.Axis(name, names: members.map { $0.quantity.places[0] })
    self.init(
      first.quantity, first.method, axes: [axis],
      members.map(\.estimate), budgets: members.map(\.budget), claim: first.claim)
  }
}
