import NessStatistics

/// A bath as a file writes it: at one site, or alike at several, whose heats are told one by one and together.
package struct WrittenBath: Hashable, Sendable {
  /// Its name in the file.
  package let name: String
  /// Its places among the attachments of the model, ascending.
  package let members: [Int]
  /// Whether its temperature follows from the others, so that it gives no heat in the mean.
  package let isSelfConsistent: Bool

  /// The name of a bath at one of the sites of a written one.
  package static func name(_ written: String, atSite site: Int) -> String { "\(written)-\(site)" }
}

extension [WrittenBath] {
  /// Those of attachments, in their order.
  package init(_ attachments: [(name: String, group: String?, isSelfConsistent: Bool)]) {
    self.init()
    var places: [String: Int] = [:]
    for (index, attachment) in attachments.enumerated() {
      guard let group = attachment.group, let place = places[group] else {
        if let group = attachment.group { places[group] = count }
        append(
          WrittenBath(
            name: attachment.group ?? attachment.name, members: [index], isSelfConsistent: attachment.isSelfConsistent))
        continue
      }
      self[place] = WrittenBath(
        name: group, members: self[place].members + [index], isSelfConsistent: self[place].isSelfConsistent)
    }
  }

  /// Those at several sites.
  package var groups: [WrittenBath] { filter { $0.members.count > 1 } }

  /// Two that are all there are, from left to right; nil for other numbers of them.
  package var pair: (left: WrittenBath, right: WrittenBath)? { count == 2 ? (self[0], self[1]) : nil }

  /// What is given of every attachment, summed over the sites of every bath; errors are added.
  package func sums(_ parts: [Estimate]) -> [Estimate] {
    map { bath in bath.members.count == 1 ? parts[bath.members[0]] : .sum(bath.members.map { parts[$0] }) }
  }

  /// What is given of every two attachments, summed over the sites of every two baths; errors are added.
  package func sums(_ parts: [[Estimate]]) -> [[Estimate]] {
    let rows = parts.map { sums($0) }
    return map { bath in
      bath.members.count == 1
        ? rows[bath.members[0]] : indices.map { other in .sum(bath.members.map { rows[$0][other] }) }
    }
  }

  /// The two between which *the* heat current flows, from left to right: those whose temperatures are given, or any two; nil for other
  /// numbers of them.
  package var ends: (left: WrittenBath, right: WrittenBath)? {
    if let pair { return pair }
    let given = filter { !$0.isSelfConsistent }
    return given.count == 2 ? (given[0], given[1]) : nil
  }
}

extension Model {
  /// The baths as they were written, in the order of their first sites.
  package var writtenBaths: [WrittenBath] {
    [WrittenBath](attachments.map { ($0.name, $0.group, $0.bath.law is SelfConsistentBath) })
  }

  /// What heats are told of: every bath at its site, and those at several sites together.
  package var namesOfHeats: [String] { attachments.map(\.name) + writtenBaths.groups.map(\.name) }
}

extension Answer {
  /// Adds the heats of baths at several sites, and the heat current between two baths that are not the only ones, as sums of the heats that a
  /// method gave; bounds and errors are added as they are, for their correlations are not known here: an upper estimate.
  package mutating func addSums<MediumType>(of model: Model<MediumType>, by method: Method) {
    let written = model.writtenBaths
    func add(_ quantity: Quantity, _ members: [Int]) {
      if entries.contains(where: { $0.quantity == quantity && $0.method == method }) { return }
      let parts = members.compactMap { member in
        entries.first { $0.quantity == .heat(from: model.attachments[member].name) && $0.method == method }?.estimate
      }
      guard parts.count == members.count else { return }
      let place = entries.firstIndex { $0.method == method } ?? entries.count
      entries.insert(.init(quantity, method, .sum(parts)), at: quantity == .heatCurrent ? place : entries.count)
    }
    for bath in written.groups { add(.heat(from: bath.name), bath.members) }
    if let ends = written.ends, model.terminals == nil { add(.heatCurrent, ends.left.members) }
  }
}

extension Estimate {
  /// A sum of which nothing is known of how the errors of its terms belong together: they are added.
  package static func sum(_ terms: [Estimate]) -> Estimate {
    let (value, error) = terms.reduce((0.0, 0.0)) { ($0.0 + $1.value, $0.1 + $1.error) }
    let samples = terms.compactMap { term -> Double? in
      if case .statistical(_, let samples) = term.uncertainty { samples } else { nil }
    }
    guard let least = samples.min() else { return .numerical(value, bound: error) }
    return .statistical(value, standardError: error, effectiveSamples: least)
  }
}
