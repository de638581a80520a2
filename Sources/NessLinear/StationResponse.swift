import NessMath

/// What sixteen frequencies tell of all stations of an eliminated chain: u from the left end, v from the right end, so that
/// |G_ab|² = |u_a|² |v_b|² / |Wr|² for a left of b, times the decays of the spans between them.
struct StationResponse {
  /// |u|² and |v|² of every station.
  var left: [ScaledLanes]
  var right: [ScaledLanes]
  /// exp(-4 l eta) of every span where `left` and `right` leave that out, as a number and a power of two.
  var decays: [(factor: Lanes, exponent: Int)]
  /// 1/|Wr|².
  var inverseWronskian = ScaledLanes(value: .zero, exponent: .zero)
  /// Re g of every bath.
  var dissipative: [Lanes]
  /// (2/pi) w² dw/dz.
  var density = Lanes.zero

  init(_ chain: EliminatedChain) {
    left = Array(repeating: ScaledLanes(value: .zero, exponent: .zero), count: chain.stationSites.count)
    right = left
    decays = Array(repeating: (Lanes(repeating: 1), 0), count: chain.spans.count)
    dissipative = Array(repeating: .zero, count: chain.baths.count)
  }
}

/// Heat that flows between many baths at sixteen frequencies, in units of the spread of their temperatures.
///
/// Each bath b sends a weight w_b = Re g_b |u_b|² to its right, Re g_b |v_b|² to its left. Three sums over the baths passed
/// so far, relative to the temperature t of the bath that is reached, tell what flows there, at a cost that does not depend
/// on how many they are.
struct HeatFlows {
  /// A flow: sum (t_a - t_b) W_ab, the same with |t_a - t_b| or more, and the power of two of both.
  struct Flow {
    var value = Lanes.zero
    var size = Lanes.zero
    var exponent = LaneIntegers.zero
  }

  /// What every bath gives, in the order of `baths`.
  private(set) var given: [Flow]
  /// What flows between a bath and the next of `baths`, from left to right.
  private(set) var passing: [Flow]

  /// The baths by their place, as indices of the chain's.
  let baths: [Int]
  /// Station of each of `baths`, and (T - T_lowest)/(T_highest - T_lowest).
  private let stations: [Int]
  private let heats: [Double]
  private var fromTheRight: [Sums]

  init(_ chain: EliminatedChain, lowest: Double, spread: Double) {
    baths = chain.baths.indices.sorted { (chain.baths[$0].station, $0) < (chain.baths[$1].station, $1) }
    stations = baths.map { chain.baths[$0].station }
    heats = baths.map { (chain.baths[$0].temperature - lowest) / spread }
    given = Array(repeating: Flow(), count: baths.count)
    passing = Array(repeating: Flow(), count: baths.count - 1)
    fromTheRight = Array(repeating: Sums(), count: baths.count)
  }

  /// sum w, sum (t - t_b) w_b, and sum |t - t_b| w_b or more.
  private struct Sums {
    var all = Lanes.zero
    var signed = Lanes.zero
    var size = Lanes.zero
    var exponent = LaneIntegers(repeating: -(1 << 40))

    /// A bath that has the temperature t.
    @inline(__always)
    mutating func add(_ weight: ScaledLanes) {
      let highest = exponent.replacing(with: weight.exponent, where: weight.exponent .> exponent)
      let mine = exponent &- highest
      all = all.scaled(byPowersOfTwo: mine) + weight.value.scaled(byPowersOfTwo: weight.exponent &- highest)
      (signed, size) = (signed.scaled(byPowersOfTwo: mine), size.scaled(byPowersOfTwo: mine))
      exponent = highest
    }

    /// Another t. The steps may add up to more than the spread of all temperatures, which is 1.
    @inline(__always)
    mutating func changeTemperature(by step: Double) {
      if step == 0 { return }
      signed.addProduct(all, Lanes(repeating: step))
      size.addProduct(all, Lanes(repeating: abs(step)))
      size.replace(with: all, where: size .> all)
    }

    /// Through a span.
    @inline(__always)
    mutating func decay(_ decay: (factor: Lanes, exponent: Int)) {
      let (power, inverse) = (all * decay.factor).binaryExponent
      let factor = decay.factor * inverse
      (all, signed, size) = (all * factor, signed * factor, size * factor)
      exponent &+= power &+ Int64(decay.exponent)
    }
  }

  /// Fills the flows; what passes between baths only where that is wanted.
  mutating func evaluate(_ response: StationResponse, withPassing: Bool) {
    let last = baths.count - 1
    var sums = Sums()
    for place in stride(from: last, through: 0, by: -1) {
      fromTheRight[place] = sums
      if place == 0 { break }
      sums.add(weight(place, response.right[stations[place]], response))
      step(&sums, from: place, to: place - 1, response)
    }
    sums = Sums()
    let common = response.density * response.inverseWronskian.value
    for place in 0...last {
      let (u, v) = (response.left[stations[place]], response.right[stations[place]])
      let other = fromTheRight[place]
      let strength = common * response.dissipative[baths[place]]
      let exponent = response.inverseWronskian.exponent
      given[place] = Self.sum(
        (strength * v.value, v.exponent &+ sums.exponent &+ exponent, sums),
        (strength * u.value, u.exponent &+ other.exponent &+ exponent, other))
      if place == last { break }
      sums.add(weight(place, u, response))
      if withPassing {
        passing[place] = Flow(
          value: common * (sums.all * other.signed - sums.signed * other.all),
          size: common * (sums.all * other.size + sums.size * other.all),
          exponent: sums.exponent &+ other.exponent &+ exponent)
      }
      step(&sums, from: place, to: place + 1, response)
    }
  }

  @inline(__always)
  private func weight(_ place: Int, _ wave: ScaledLanes, _ response: StationResponse) -> ScaledLanes {
    ScaledLanes(value: response.dissipative[baths[place]] * wave.value, exponent: wave.exponent)
  }

  @inline(__always)
  private func step(_ sums: inout Sums, from place: Int, to next: Int, _ response: StationResponse) {
    sums.changeTemperature(by: heats[next] - heats[place])
    // Stations without a bath are at the ends only, so neighbours have one span between them, or none.
    if stations[place] != stations[next] { sums.decay(response.decays[min(stations[place], stations[next])]) }
  }

  @inline(__always)
  private static func sum(
    _ one: (factor: Lanes, exponent: LaneIntegers, sums: Sums),
    _ other: (factor: Lanes, exponent: LaneIntegers, sums: Sums)
  ) -> Flow {
    let highest = one.exponent.replacing(with: other.exponent, where: other.exponent .> one.exponent)
    let a = one.factor.scaled(byPowersOfTwo: one.exponent &- highest)
    let b = other.factor.scaled(byPowersOfTwo: other.exponent &- highest)
    return Flow(
      value: (a * one.sums.signed).addingProduct(b, other.sums.signed),
      size: (a * one.sums.size).addingProduct(b, other.sums.size), exponent: highest)
  }
}
