/// Where heat flows: something with sites (or walls) that baths may touch.
package protocol Medium: Described {
  /// The baths that can touch this medium.
  associatedtype BathLaw: BathOnMedium
  /// Number of sites (or walls) that a bath may touch, numbered from 1.
  var sites: Int { get }
  /// Whether it is simulated; false for a medium that is computed exactly, and in which nothing moves at random.
  static var isSampled: Bool { get }
  /// Whether its motion is quantum although its kind is simulated: then it is computed exactly, too.
  var isQuantum: Bool { get }
  /// How it is drawn in motion; nil for not at all.
  static var picture: MediumPicture? { get }
  /// The medium that describes the same system by the other mechanics, classical or quantum; nil if there is none.
  static var twin: (any Medium.Type)? { get }
  /// The same system by the other mechanics.
  ///
  /// - Parameter hbar: Planck's constant over 2 pi of a quantum twin [energy time].
  /// - Returns: nil if there is none.
  static func twin(of model: Model<Self>, hbar: Double) -> AnyModel?
  /// What a quantum model becomes as hbar -> 0; nil for a classical one, and where that is not known.
  static func classicalLimit(of model: Model<Self>) -> ClassicalLimit?
  /// The kind that some of this one are solved as; nil if there is none.
  static var solvedAs: (any Medium.Type)? { get }
  /// The medium of that kind that solvers see in its place, as a chain with formulas is a network; nil for itself.
  var solvedAs: (any Medium)? { get }
  /// Every fault of the baths as a whole, beyond those of each by itself: paths begin with `baths`.
  static func faults(of attachments: [Model<Self>.Attachment], on medium: Self) -> [ParameterFault]
  /// Those of them that can be told beside faults of the medium and of each bath, with their paths.
  static func faults(of attachments: [Model<Self>.Attachment], on medium: Self, beside faults: [ParameterFault])
    -> [ParameterFault]
  /// What else the kinds of its baths are called in files, by that word.
  static var otherBaths: [String: String] { get }
  /// Whole numbers that a file may leave open, roughly as they will be chosen: bounds of work count them.
  static func impliedNumbers(of model: Model<Self>) -> [ImpliedNumber]
}

/// A whole number that follows from other parameters.
package struct ImpliedNumber: Hashable, Sendable {
  /// Key of the parameter that it is a value of.
  package let number: String
  /// Key of the parameter that it follows from.
  package let key: String
  /// Roughly its value.
  package let value: Int

  /// A number that follows from another parameter.
  package init(_ number: String, from key: String, _ value: Int) {
    self.number = number
    self.key = key
    self.value = value
  }
}

extension Medium {
  /// Media are simulated.
  package static var isSampled: Bool { true }
  /// Simulated media are classical.
  package var isQuantum: Bool { false }
  /// Not drawn.
  package static var picture: MediumPicture? { nil }
  /// No twin.
  package static var twin: (any Medium.Type)? { nil }
  /// No twin.
  package static func twin(of model: Model<Self>, hbar: Double) -> AnyModel? { nil }
  /// No limit is known.
  package static func classicalLimit(of model: Model<Self>) -> ClassicalLimit? { nil }

  /// None.
  package static var solvedAs: (any Medium.Type)? { nil }
  /// Itself.
  package var solvedAs: (any Medium)? { nil }
  /// Nothing beside other faults.
  package static func faults(
    of attachments: [Model<Self>.Attachment], on medium: Self, beside faults: [ParameterFault]
  ) -> [ParameterFault] { [] }
  /// No rule beyond those of each bath.
  package static func faults(of attachments: [Model<Self>.Attachment], on medium: Self) -> [ParameterFault] { [] }

  /// Nothing else.
  package static var otherBaths: [String: String] { [:] }
  /// Nothing is left open.
  package static func impliedNumbers(of model: Model<Self>) -> [ImpliedNumber] { [] }
}

/// What a picture of a medium in motion consists of.
package enum MediumPicture: String, Sendable {
  /// Masses in a row, joined by springs, with particles around those that such baths touch.
  case sites
  /// Masses on a graph, joined by bonds.
  case graph
  /// A particle that flies between two walls.
  case flights
  /// Levels, their populations, and the jumps that carry heat.
  case levels
}

/// The classical model that a quantum one approaches as hbar -> 0.
package struct ClassicalLimit: Sendable {
  /// The classical model.
  package let model: AnyModel
  /// By what its heat current is to be multiplied to be that limit.
  package let factor: Double
}
