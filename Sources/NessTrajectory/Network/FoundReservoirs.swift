import NessSampling

/// Temperatures of self-consistent reservoirs as far as they are known, and how the heats answer to them. The same numbers tell
/// the phases of a run apart in its saved states.
struct FoundReservoirs: Sendable, Equatable {
  /// In the order of `BathedNetwork.reservoirs` [energy].
  var temperatures: [Double]
  /// Change of a reservoir's temperature that takes away a heat of another, in the linear answer: reservoirs x reservoirs, row
  /// after row [time]; empty as long as there was no trial run, and where the temperatures need none.
  var resistances: [Double] = []
  /// What of a reservoir's heat each bath would take if the reservoir gave none: baths x reservoirs, row after row, of the
  /// reservoirs themselves 0 [1]; empty with the resistances.
  var shares: [Double] = []
  /// Trial runs so far.
  var trials = 0
  /// Length of the next trial run over that of the first.
  var multiple = 1
  /// Whether the last trial confirmed the temperatures that it was made at, as far as it could see.
  var isSettled = false
  /// Whether the search is over.
  var isDone = false

  init(_ temperatures: [Double]) { self.temperatures = temperatures }

  var count: Int { temperatures.count }
  /// Whether the temperatures are those of trial runs, with what they leave uncertain.
  var isSampled: Bool { !resistances.isEmpty }

  /// A sum over the reservoirs with the weights of a row.
  static func sum(_ rows: [Double], _ row: Int, _ values: [Double]) -> Double {
    values.indices.reduce(0) { $0 + rows[row * values.count + $1] * values[$1] }
  }
}

extension FoundReservoirs {
  /// As a head of saved states, after numbers that must be the same to go on.
  func bytes(after preamble: [Double]) -> [UInt8] {
    var writer = StateWriter()
    writer.add(preamble)
    writer.add([trials, multiple, isSettled ? 1 : 0, isDone ? 1 : 0, isSampled ? 1 : 0])
    for values in [temperatures, resistances, shares] { writer.add(values) }
    return writer.bytes
  }

  /// From the head of a saved state; nil if it is none of this search.
  init?(_ bytes: [UInt8], after preamble: [Double], reservoirs: Int, baths: Int) {
    var reader = StateReader(bytes)
    guard (try? reader.array(count: preamble.count)) == preamble,
      let numbers: [Int] = try? reader.array(count: 5), numbers[0] >= 0, numbers[1] >= 1,
      let temperatures: [Double] = try? reader.array(count: reservoirs),
      let resistances: [Double] = try? reader.array(count: numbers[4] * reservoirs * reservoirs),
      let shares: [Double] = try? reader.array(count: numbers[4] * baths * reservoirs), reader.isAtEnd,
      temperatures.allSatisfy({ $0.isFinite && $0 > 0 }), (resistances + shares).allSatisfy(\.isFinite)
    else { return nil }
    (self.temperatures, self.resistances, self.shares) = (temperatures, resistances, shares)
    (trials, multiple, isSettled, isDone) = (numbers[0], numbers[1], numbers[2] == 1, numbers[3] == 1)
  }
}
