/// Where heat flows: something with sites (or walls) that baths may touch.
package protocol Medium: Described {
  /// The baths that can touch this medium.
  associatedtype BathLaw: BathOnMedium
  /// Number of sites (or walls) that a bath may touch, numbered from 1.
  var sites: Int { get }
  /// Whether it is simulated; false for a medium that is computed exactly, and in which nothing moves at random.
  static var isSampled: Bool { get }
  /// Every fault of the baths as a whole, beyond those of each by itself: paths begin with `baths`.
  static func faults(of attachments: [Model<Self>.Attachment], on medium: Self) -> [ParameterFault]
}

extension Medium {
  /// Media are simulated.
  package static var isSampled: Bool { true }

  /// No rule beyond those of each bath.
  package static func faults(of attachments: [Model<Self>.Attachment], on medium: Self) -> [ParameterFault] { [] }
}
