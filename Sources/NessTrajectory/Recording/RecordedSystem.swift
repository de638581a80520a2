import CVectorMath
import NessFormula
import NessModel
import NessSampling

/// What is recorded of a system of sites, and how it follows from a motion.
///
/// Displacements and velocities are of the moment at which a step of the palindrome ends: the drift of half a step that is still to
/// come belongs to it, so the position is q + h v/2 (`Documentation/Theory/stepper.md`).
package struct RecordedSystem: Sendable {
  /// How the heat through bonds is known.
  enum Flow: Sendable {
    /// From the heats and the energies of the sites, as `LaneMotion` books it: all bonds of a chain.
    case booked(ness_chain_energy, [BathLayout.Contact], isQuartic: Bool)
    /// From sums that are read while the motion goes on: the channels of every recorded pair, and what they count.
    case read([[Int]], factor: Double)
    case none
  }

  /// A potential that has a part of the energy of a recorded site: of its displacement, or of the difference to another site.
  struct Share: Sendable {
    let potential: Int
    /// The sites of V(q_second - q_first); of a field the second is the site, and there is no first.
    let first: Int?
    let second: Int
    let part: Double
  }

  /// What is recorded.
  package let plan: SeriesPlan
  let quantities: [RecordedQuantity]
  /// From 0.
  let sites: [Int]
  /// The recorded bonds among those of a chain.
  let bonds: [Int]
  /// Masses of the recorded sites [mass].
  let masses: [Double]
  /// What makes heat out of the running sum of every bath [energy].
  let heatFactors: [Double]
  let flow: Flow
  /// Sites of the medium.
  let allSites: Int
  let potentials: [Potential]
  /// For every recorded site.
  let shares: [[Share]]
  /// Numbers of particles, bath after bath.
  let particles: [Int]
}

/// What a solver says of its system, from which follows what can be recorded.
struct RecordableSystem {
  let network: SiteNetwork
  /// Names and sites, from 0, of the baths in the order of their running sums.
  let baths: [(name: String, site: Int)]
  /// Names of the particle baths and how many particles they have.
  let particles: [(name: String, count: Int)]
  /// Steps that must lie between samples of flows.
  let stepsPerReading: Int
  /// How the flow through some pairs is known, each by its bonds.
  let flow: (_ pairs: [Range<Int>]) -> RecordedSystem.Flow
}

extension RecordedSystem {
  /// - Parameters:
  ///   - request: what is asked.
  ///   - system: what there is.
  ///   - settings: of the run.
  ///   - isOpen: whether nobody knows how long the run will take, for it ends at an error.
  /// - Throws: `Refusal` if what is asked cannot be recorded.
  init(
    _ request: RecordRequest, of system: RecordableSystem, _ settings: TrajectorySettings, isOpen: Bool
  ) throws(Refusal) {
    let network = system.network
    let names = NetworkPairs(network)
    let sites = (request.sites ?? Array(1...network.sites)).map { $0 - 1 }
    if let site = sites.first(where: { !(0..<network.sites).contains($0) }) {
      throw RecordRequest.refusal("sites", "site \(site + 1) does not exist: there are \(network.sites)")
    }
    let chosen = Set(sites)
    let pairs = names.pairs.filter { request.sites == nil || chosen.contains($0.first) || chosen.contains($0.second) }
    var series: [SeriesPlan.Series] = []
    for quantity in request.quantities {
      func add(_ name: String, _ axis: SeriesPlan.Axis) {
        series.append(.init(name, dimension: quantity.dimension, meaning: quantity.meaning, axis: axis))
      }
      switch quantity {
      case .heatFrom: add("heatFrom", .init("bath", system.baths.map(\.name)))
      case .bondHeatCurrent:
        if pairs.isEmpty { throw RecordRequest.refusal("quantities", "bondHeatCurrent: no bond touches the sites") }
        add("bondHeatCurrent", .init("bond", pairs.map { "\($0.first + 1)-\($0.second + 1)" }))
      case .particles:
        if system.particles.isEmpty { throw RecordRequest.refusal("quantities", "particles: no bath has particles") }
        for bath in system.particles {
          add("particles.\(bath.name)", .init("particle", (1...bath.count).map { "\($0)" }))
        }
      default: add(quantity.rawValue, .init("site", sites.map { "\($0 + 1)" }))
      }
    }
    let needsReadings = request.quantities.contains(.bondHeatCurrent)
    plan = try Self.plan(
      request, series, settings, isOpen: isOpen, multiple: needsReadings ? system.stepsPerReading : 1)
    quantities = request.quantities
    self.sites = sites
    bonds = pairs.map(\.bonds.lowerBound)
    masses = sites.map { network.masses[$0] }
    heatFactors = system.baths.map { 0.5 * network.masses[$0.site] }
    flow = needsReadings ? system.flow(pairs.map(\.bonds)) : .none
    allSites = network.sites
    let needsEnergies = request.quantities.contains(.potentialEnergy)
    potentials = needsEnergies ? network.potentials : []
    shares = needsEnergies ? Self.shares(sites, of: network) : []
    particles = system.particles.map(\.count)
  }

  private static func plan(
    _ request: RecordRequest, _ series: [SeriesPlan.Series], _ settings: TrajectorySettings, isOpen: Bool,
    multiple: Int
  ) throws(Refusal) -> SeriesPlan {
    let step = settings.timeStep
    guard request.every >= step * (1 - 1e-9) else {
      throw RecordRequest.refusal(
        "every", "\(request.every.short) is shorter than the time step: give \(step.short) or more")
    }
    let readings = (request.every / step / Double(multiple)).rounded()
    let steps = max(1, min(readings, 1e15)) * Double(multiple)
    let samples = try request.samples(
      interval: steps * step, duration: settings.duration, replicas: settings.replicas, isOpen: isOpen)
    return SeriesPlan(
      series: series, replicas: request.replicas, stepsPerSample: Int(steps), timeStep: step,
      samples: samples)
  }

  private static func shares(_ sites: [Int], of network: SiteNetwork) -> [[Share]] {
    var places: [Int: [Int]] = [:]
    for (place, site) in sites.enumerated() { places[site, default: []].append(place) }
    var shares = [[Share]](repeating: [], count: sites.count)
    for field in network.fields {
      for place in places[field.site] ?? [] {
        shares[place].append(Share(potential: field.potential, first: nil, second: field.site, part: 1))
      }
    }
    for bond in network.bonds {
      for site in [bond.first, bond.second] {
        for place in places[site] ?? [] {
          shares[place].append(Share(potential: bond.potential, first: bond.first, second: bond.second, part: 0.5))
        }
      }
    }
    return shares
  }
}

/// The joined pairs of sites, from 0, with the bonds between them.
private struct NetworkPairs {
  var pairs: [(first: Int, second: Int, bonds: Range<Int>)] = []

  init(_ network: SiteNetwork) {
    for (index, bond) in network.bonds.enumerated() {
      if let last = pairs.last, (last.first, last.second) == (bond.first, bond.second) {
        pairs[pairs.count - 1].bonds = last.bonds.lowerBound..<(index + 1)
      } else {
        pairs.append((bond.first, bond.second, index..<(index + 1)))
      }
    }
  }
}

extension RecordedSystem {
  /// What is recorded of a plain chain.
  package init(
    _ request: RecordRequest, of model: ChainModel, _ settings: TrajectorySettings, isOpen: Bool
  ) throws(Refusal) {
    let system = RecordableSystem(
      network: model.medium.network.form, baths: model.attachments.map { ($0.name, $0.site - 1) },
      particles: model.particleBaths.map { ($0.attachment.name, $0.bath.count) }, stepsPerReading: 1
    ) { _ in
      let dynamics = ChainDynamics(model, timeStep: settings.timeStep, noise: settings.noise)
      return .booked(dynamics.energyLaw, dynamics.layout.contacts, isQuartic: dynamics.quarticConstant != 0)
    }
    try self.init(request, of: system, settings, isOpen: isOpen)
  }
}
