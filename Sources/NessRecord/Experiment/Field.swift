import NessModel

/// A numeric key of the experiment file and where its value lives. One list of fields per kind serves the reading, the
/// writing, the sweep and the dimensions in file headers.
struct Field<Owner>: Sendable {
  /// Where the value lives: a real or a whole number.
  enum Storage: Sendable {
    case real(WritableKeyPath<Owner, Double> & Sendable)
    case whole(WritableKeyPath<Owner, Int> & Sendable)
  }

  let name: String
  let dimension: String
  let storage: Storage
  let isRequired: Bool

  init(_ name: String, _ dimension: String, _ storage: Storage, isRequired: Bool = false) {
    self.name = name
    self.dimension = dimension
    self.storage = storage
    self.isRequired = isRequired
  }

  var isWhole: Bool {
    if case .whole = storage { true } else { false }
  }

  /// The value as it is written in a file.
  func text(in owner: Owner) -> String {
    switch storage {
    case .real(let path): "\(owner[keyPath: path])"
    case .whole(let path): "\(owner[keyPath: path])"
    }
  }

  /// Sets the value; false if a whole number is needed and `value` is none.
  func set(_ value: Double, in owner: inout Owner) -> Bool {
    switch storage {
    case .real(let path): owner[keyPath: path] = value
    case .whole(let path):
      guard let whole = Int(exactly: value) else { return false }
      owner[keyPath: path] = whole
    }
    return true
  }
}

extension Chain {
  static let fields: [Field<Chain>] = [
    Field("sites", "1", .whole(\.sites), isRequired: true),
    Field("mass", "mass", .real(\.mass)),
    Field("spring", "mass/time^2", .real(\.springConstant)),
  ]
  /// `pinning` may be one number for both ends, or a mapping with these keys.
  static let pinningFields: [Field<Chain>] = [
    Field("left", "mass/time^2", .real(\.pinning.left), isRequired: true),
    Field("right", "mass/time^2", .real(\.pinning.right), isRequired: true),
  ]
}

extension LangevinBath {
  static let fields: [Field<LangevinBath>] = [
    Field("temperature", "energy", .real(\.temperature), isRequired: true),
    Field("friction", "mass/time", .real(\.friction), isRequired: true),
  ]
}

extension ParticleBath {
  static let fields: [Field<ParticleBath>] = [
    Field("temperature", "energy", .real(\.temperature), isRequired: true),
    Field("count", "1", .whole(\.count)),
    Field("friction", "mass/time", .real(\.friction), isRequired: true),
    Field("coupling", "energy/length", .real(\.coupling), isRequired: true),
    Field("strength", "1", .real(\.strength)),
    Field("sharpness", "1", .real(\.sharpness)),
    Field("ring", "length", .real(\.ringLength)),
  ]
}

/// The kinds of bath that a file may name.
enum BathKind: String, CaseIterable {
  case particles, langevin

  /// Kinds that the file format knows and a later version will compute.
  static let unavailable = ["maxwell", "metropolis", "lindblad"]

  /// A possible bath of this kind whose optional parameters have their defaults.
  var template: AnyBath {
    switch self {
    case .particles: .particles(ParticleBath(temperature: 1, friction: 1, coupling: 0))
    case .langevin: .langevin(LangevinBath(temperature: 1, friction: 1))
    }
  }
}

extension AnyBath {
  /// One key of the bath, with its present value, for the file.
  struct Parameter {
    let name: String
    let dimension: String
    let isWhole: Bool
    let isRequired: Bool
    let text: String
  }

  var kind: BathKind {
    switch self {
    case .particles: .particles
    case .langevin: .langevin
    }
  }

  /// The numeric keys of this kind of bath in the order of the file.
  var parameters: [Parameter] {
    switch self {
    case .particles(let bath): Self.parameters(ParticleBath.fields, of: bath)
    case .langevin(let bath): Self.parameters(LangevinBath.fields, of: bath)
    }
  }

  private static func parameters<Law>(_ fields: [Field<Law>], of law: Law) -> [Parameter] {
    fields.map {
      Parameter(
        name: $0.name, dimension: $0.dimension, isWhole: $0.isWhole, isRequired: $0.isRequired, text: $0.text(in: law))
    }
  }

  /// Sets a numeric parameter; false if there is none of that name or it needs a whole number.
  mutating func set(_ name: String, to value: Double) -> Bool {
    switch self {
    case .particles(var bath):
      guard ParticleBath.fields.first(where: { $0.name == name })?.set(value, in: &bath) == true else { return false }
      self = .particles(bath)
    case .langevin(var bath):
      guard LangevinBath.fields.first(where: { $0.name == name })?.set(value, in: &bath) == true else { return false }
      self = .langevin(bath)
    }
    return true
  }
}
