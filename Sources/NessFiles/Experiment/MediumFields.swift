import NessModel

extension Chain: Described {
  var fields: [Field<Chain>] {
    [
      Field("sites", "1", .whole(\.sites), isRequired: true),
      Field("mass", "mass", .real(\.mass)),
      Field("spring", "mass/time^2", .real(\.springConstant)),
      Field("quartic", "energy/length^4", .real(\.quarticConstant)),
    ]
  }
}

/// `pinning` may be one number for both ends, or a mapping with these keys.
extension Chain.Pinning: Described {
  var fields: [Field<Chain.Pinning>] {
    [
      Field("left", "mass/time^2", .real(\.left), isRequired: true),
      Field("right", "mass/time^2", .real(\.right), isRequired: true),
    ]
  }
}

extension Box: Described {
  var fields: [Field<Box>] {
    [Field("length", "length", .real(\.length), isRequired: true), Field("mass", "mass", .real(\.mass))]
  }
}

extension QuantumBox: Described {
  var fields: [Field<QuantumBox>] {
    [
      Field("length", "length", .real(\.length), isRequired: true), Field("mass", "mass", .real(\.mass)),
      Field("hbar", "energy time", .real(\.hbar)), Field("levels", "1", .optionalWhole(\.levels)),
    ]
  }
}

extension AnyMedium {
  /// A possible medium of a kind whose optional parameters have their defaults.
  init(templateOf kind: Kind) {
    switch kind {
    case .chain: self = .chain(Chain(sites: 1, pinning: 1))
    case .box: self = .box(Box(length: 1))
    case .quantumBox: self = .quantumBox(QuantumBox(length: 1))
    }
  }

  private var described: any Described {
    switch self {
    case .chain(let chain): chain
    case .box(let box): box
    case .quantumBox(let box): box
    }
  }

  /// The numeric parameters as a sweep names them, for example `pinning.left`.
  package var parameters: [DescribedParameter] {
    guard case .chain(let chain) = self else { return described.parameters }
    func pinning(_ name: String, _ value: Double?) -> DescribedParameter {
      DescribedParameter(
        name: name, dimension: "mass/time^2", isWhole: false, isRequired: false, words: nil,
        text: value.map { "\($0)" })
    }
    let isEven = chain.pinning.left == chain.pinning.right
    return chain.parameters + [pinning("pinning", isEven ? chain.pinning.left : nil)]
      + chain.pinning.parameters.map { end in
        DescribedParameter(
          name: "pinning.\(end.name)", dimension: end.dimension, isWhole: false, isRequired: false, words: nil,
          text: end.text)
      }
  }

  /// Sets a numeric parameter; false if there is none of that name or it needs a whole number.
  mutating func set(_ name: String, to value: Double) -> Bool {
    switch self {
    case .chain(var chain):
      if name == "pinning" {
        chain.pinning = Chain.Pinning(left: value, right: value)
      } else if name.hasPrefix("pinning.") {
        guard chain.pinning.set(String(name.dropFirst("pinning.".count)), to: value) else { return false }
      } else {
        guard chain.set(name, to: value) else { return false }
      }
      self = .chain(chain)
    case .box(var box):
      guard box.set(name, to: value) else { return false }
      self = .box(box)
    case .quantumBox(var box):
      guard box.set(name, to: value) else { return false }
      self = .quantumBox(box)
    }
    return true
  }
}
