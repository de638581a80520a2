import NessModel
import NessSampling

extension RecordedSystem {
  /// What is recorded of a network.
  package init(
    _ request: RecordRequest, of bathed: BathedNetwork, _ scales: NetworkScales, _ settings: TrajectorySettings,
    stepsPerReading: Int? = nil, isOpen: Bool
  ) throws(Refusal) {
    let network = bathed.network
    let readings =
      stepsPerReading ?? NetworkDynamics.stepsPerReading(rate: scales.readingRate, timeStep: settings.timeStep)
    let system = RecordableSystem(
      network: network, baths: bathed.baths.map { ($0.name, $0.site) },
      particles: bathed.particleBaths.map { ($0.bath.name, $0.particles.count) }, stepsPerReading: readings
    ) { pairs in
      let contacts = BathLayout(bathed.siteBaths).contacts.map(\.site)
      let places = NetworkPlan(network, contacts: contacts).placeOfBond
      let ledger = NetworkLedger(baths: bathed.baths.count, bonds: network.bonds.count, sites: network.sites)
      return .read(
        pairs.map { $0.map { ledger.bond(places[$0]) } },
        factor: NetworkDynamics.flowFactor(stepsPerReading: readings) * settings.timeStep)
    }
    try self.init(request, of: system, settings, isOpen: isOpen)
  }
}
