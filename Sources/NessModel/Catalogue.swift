/// The only list of the kinds of medium and of bath. Which bath can touch which medium follows from the faces that it has.
package enum Catalogue {
  /// The media.
  package static let media: [any Medium.Type] = [Chain.self, Network.self, Box.self, QuantumBox.self, LevelSystem.self]
  /// The baths.
  package static let baths: [any Bath.Type] = [
    ParticleBath.self, LangevinBath.self, AndersenBath.self, MemoryBath.self, ActiveBath.self, SelfConsistentBath.self,
    MaxwellBath.self, MetropolisBath.self, LindbladBath.self, ThermalBath.self, JumpBath.self,
  ]

  /// The medium of a kind; nil if there is none of that name.
  package static func medium(_ key: String) -> (any Medium.Type)? { media.first { $0.kind.key == key } }
  /// The bath of a kind; nil if there is none of that name.
  package static func bath(_ key: String) -> (any Bath.Type)? { baths.first { $0.kind.key == key } }

  /// The baths that can touch a medium.
  package static func baths(touching medium: any Medium.Type) -> [any Bath.Type] {
    func fits<MediumType: Medium>(_ medium: MediumType.Type, _ bath: any Bath.Type) -> Bool {
      MediumType.BathLaw(bath.example) != nil
    }
    return baths.filter { fits(medium, $0) }
  }
}
