import NessFormula

/// Random formulas of the names `x` and `a`, the same for every run.
struct RandomFormulas: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }

  mutating func text(depth: Int) -> String {
    if depth == 0 || Int.random(in: 0..<8, using: &self) == 0 {
      switch Int.random(in: 0..<6, using: &self) {
      case 0...2: return "x"
      case 3: return "a"
      case 4: return "\(Int.random(in: 1...4, using: &self))"
      default: return "\(Double(Int.random(in: 1...400, using: &self)) / 100)"
      }
    }
    switch Int.random(in: 0..<11, using: &self) {
    case 0, 1: return "\(text(depth: depth - 1)) + \(text(depth: depth - 1))"
    case 2: return "\(text(depth: depth - 1)) - (\(text(depth: depth - 1)))"
    case 3, 4: return "(\(text(depth: depth - 1)))*(\(text(depth: depth - 1)))"
    case 5: return "(\(text(depth: depth - 1)))/(\(text(depth: depth - 1)))"
    case 6: return "(\(text(depth: depth - 1)))^\(Int.random(in: -2...4, using: &self))"
    case 7: return "abs(\(text(depth: depth - 1)))^\(["0.5", "1.3", "a", "x"].randomElement(using: &self)!)"
    case 8: return "-(\(text(depth: depth - 1)))"
    case 9:
      let name = ["min", "max"].randomElement(using: &self)!
      return "\(name)(\(text(depth: depth - 1)), \(text(depth: depth - 1)))"
    default:
      let names = ["exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "abs"]
      return "\(names.randomElement(using: &self)!)(\(text(depth: depth - 1)))"
    }
  }
}
