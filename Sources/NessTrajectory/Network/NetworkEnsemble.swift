import NessModel
import NessSampling
import NessStatistics

/// All replicas of one network at one time step.
typealias NetworkEnsemble = ReplicaEnsemble<NetworkReplicas>

extension NetworkEnsemble {
  /// Replicas 0 to `settings.replicas - 1` of a network.
  ///
  /// - Parameters:
  ///   - stepsPerReading: steps between two readings of flows; nil chooses by the rate of the motion.
  ///   - recorded: what is recorded along the time.
  ///   - recording: where; nil for nothing.
  convenience init(
    _ bathed: BathedNetwork, _ settings: TrajectorySettings, _ scales: NetworkScales, stepsPerReading: Int? = nil,
    recorded: RecordedSystem? = nil, in recording: SeriesRecording? = nil,
    from start: GivenStart? = nil
  ) {
    let dynamics = NetworkDynamics(
      bathed, timeStep: settings.timeStep, rate: scales.readingRate, noise: settings.noise,
      stepsPerReading: stepsPerReading)
    let schedule = Schedule(settings, workOfAStep: bathed.workOfAStep)
    let innovations = settings.innovations == false ? nil : Innovations(of: dynamics, scales)
    var ledger = dynamics.ledger
    ledger.followed = innovations?.heats.count ?? 0
    let layout = Self.layout(dynamics, ledger, replicas: settings.replicas)
    let sampling = NetworkSampling(
      dynamics, innovations, ledger, layout, seed: settings.seed, velocityVariances: scales.velocityVariances,
      displacements: scales.start.displacements,
      burnInTicks: schedule.burnInTicks, recorded: recorded, recording: recording, start: start)
    let shape = StateShape(
      counts: [
        NetworkLedger.stepsPerTick, layout.capacity, layout.localCapacity, ledger.channels, dynamics.sites,
        schedule.burnInTicks, ledger.followed, layout.heats.sums.count,
      ], spans: [settings.timeStep])
    self.init(replicas: settings.replicas, schedule: schedule, shape: shape) {
      NetworkReplicas(sampling, firstReplica: $0)
    }
  }

  private static func layout(
    _ dynamics: NetworkDynamics, _ ledger: NetworkLedger, replicas: Int
  ) -> ReplicaRecord.Layout {
    let bathed = dynamics.bathed
    let weights = passage(bathed).map { weights -> [Double] in
      var placed = [Double](repeating: 0, count: ledger.bonds)
      for (bond, weight) in weights.enumerated() { placed[dynamics.plan.placeOfBond[bond]] = weight }
      return placed
    }
    let masses = bathed.network.masses.map { $0 / Double(ledger.sites) }
    let heats = FollowedHeats(
      temperatures: bathed.baths.map(\.law.temperature),
      weights: bathed.baths.indices.map { dynamics.factor(ofChannel: ledger.heat($0)) * dynamics.timeStep },
      written: bathed.written.map(\.members))
    return ReplicaRecord.Layout(
      channels: ledger.channels, local: ledger.bond(0)..<ledger.measured,
      flow: .init(
        channels: ledger.bond(0)..<ledger.bond(weights == nil ? 0 : ledger.bonds), weights: weights ?? []),
      temperatures: .init(channels: ledger.kinetic(0)..<ledger.displacement(0), weights: masses),
      heats: heats, replicas: replicas, localCapacity: localCapacity(ledger, replicas: replicas))
  }

  /// Most memory of the record of every site and bond of eight replicas, from which on there are fewer batches [bytes].
  private static let mostLocalBytes = Double(128 << 20)

  /// As many batches as a chain has, and 16 at least, which tell whether a replica wanders; fewer of a large network, and at
  /// last the sum alone.
  static func localCapacity(_ ledger: NetworkLedger, replicas: Int) -> Int {
    var capacity = max(16, ReplicaRecord.Layout.localCapacity(replicas: replicas))
    let bytes = Double(64 * (ledger.channels - ledger.baths - 1))
    while capacity > 1, Double(capacity) * bytes > mostLocalBytes { capacity /= 2 }
    return capacity < 8 ? 1 : capacity
  }

  /// Weights of the flows through the bonds that add up to the current between two baths: the differences of a function of
  /// the sites that is 1 at the left bath and 0 at the right one. In the steady state any such sum is the current.
  ///
  /// - Returns: nil without two baths on different sites that bonds join.
  private static func passage(_ bathed: BathedNetwork) -> [Double]? {
    guard bathed.baths.count == 2, bathed.baths[0].site != bathed.baths[1].site else { return nil }
    let distances = bathed.baths.map { bathed.network.distances(from: [$0.site]) }
    guard distances[0][bathed.baths[1].site] != nil else { return nil }
    func share(_ site: Int) -> Double {
      guard let left = distances[0][site], let right = distances[1][site] else { return 0 }
      return Double(right) / Double(left + right)
    }
    return bathed.network.bonds.map { share($0.first) - share($0.second) }
  }

  /// Memory that the replicas of a network take, roughly [bytes].
  static func memory(for bathed: BathedNetwork, replicas: Int) -> Double {
    let network = bathed.network
    let ledger = NetworkLedger(baths: bathed.baths.count, bonds: network.bonds.count, sites: network.sites)
    let particles = bathed.particleBaths.reduce(0) { $0 + $1.particles.count }
    // State and forces, the sums of a tick, particles and their noise, noise of the other baths.
    let noise = bathed.baths.count * (bathed.baths.count > 512 ? 24 : LaneBaths.stepsPerBlock + 8)
    let vectors = Double(3 * network.sites + ledger.channels + 2 * particles + 2 * noise)
    // The plan of the sweep, which all replicas share and each copies: sites, and pairs of them in lists.
    let plan = Double(8 * network.sites + 8 * network.bonds.count)
    let local = Double(ledger.channels - ledger.baths) * Double(localCapacity(ledger, replicas: replicas))
    let common = Double(ledger.baths + 2) * Double(ReplicaRecord.Layout.capacity(replicas: replicas))
    let lists = Double(64 * network.sites + 100 * network.bonds.count)
    return lists + Double((replicas + 7) / 8) * (plan + 64 * (vectors + local + common))
  }

  private var sampling: NetworkSampling { motions[0].sampling }
  var dynamics: NetworkDynamics { sampling.dynamics }
  var ledger: NetworkLedger { sampling.ledger }
  /// What the noise tells about the heats, if that is followed.
  var innovations: Innovations? { sampling.innovations }

  /// The heats whose cumulants are followed.
  var heats: FollowedHeats { sampling.layout.heats }
  /// Length of a tick [time].
  var tick: Double { time(ofTicks: 1) }

  /// What it takes to analyse the record briefly, roughly [s].
  var secondsOfALook: Double { 3e-8 * Double(replicas * sampling.layout.capacity * (ledger.sites + ledger.baths + 10)) }

  /// Time that was discarded per replica [time].
  var burnIn: Double { time(ofTicks: schedule.burnInTicks) }
  /// Completed time of the record per replica [time].
  var recordedTime: Double { time(ofTicks: motions[0].record.count * motions[0].record.ticksPerBatch) }
  /// Steps of all replicas, burn-in included.
  var replicaSteps: Int { ticks * NetworkLedger.stepsPerTick * replicas }

  private func time(ofTicks ticks: Int) -> Double { Double(ticks * NetworkLedger.stepsPerTick) * dynamics.timeStep }

  /// The course of the kinetic temperature during the burn-in.
  var burnInRecord: BurnInRecord {
    let length = JoinedBatches.additionsPerBatch(after: schedule.burnInTicks, capacity: sampling.layout.capacity)
    return BurnInRecord(burnInTemperature, batchLength: time(ofTicks: length))
  }

  /// The record of one channel, in its physical unit.
  func series(channel: Int) -> ReplicaSeries {
    series(sampling.layout.place(of: channel), factor: dynamics.factor(ofChannel: channel))
  }

  /// The record of a channel that every site or bond has has so few batches that its replicas have nothing but their means.
  var hasLocalBatches: Bool { sampling.layout.localCapacity > 1 }

  /// The current between two baths from the flows through all bonds [energy/time]; nil if no bonds carry it.
  var passage: ReplicaSeries? {
    let layout = sampling.layout
    if layout.isPassageEmpty { return nil }
    return series(.common(layout.meanFlow), factor: dynamics.factor(ofChannel: ledger.bond(0)))
  }

  /// The mean kinetic temperature of the sites [energy].
  var meanTemperature: ReplicaSeries {
    series(.common(sampling.layout.meanSquare), factor: sampling.temperatureFactor)
  }

  private func series(_ place: ReplicaRecord.Place, factor: Double) -> ReplicaSeries {
    series(place, factor: factor, stepsPerTick: NetworkLedger.stepsPerTick)
  }
}

extension SiteNetwork {
  /// Bonds from every site to the next of some sites; nil for one that no bonds join to any.
  func distances(from sites: [Int]) -> [Int?] {
    var starts = [Int](repeating: 0, count: self.sites + 1)
    for bond in bonds {
      starts[bond.first + 1] += 1
      starts[bond.second + 1] += 1
    }
    for site in 0..<self.sites { starts[site + 1] += starts[site] }
    var neighbours = [Int32](repeating: 0, count: 2 * bonds.count)
    var next = starts
    for bond in bonds {
      neighbours[next[bond.first]] = Int32(bond.second)
      neighbours[next[bond.second]] = Int32(bond.first)
      next[bond.first] += 1
      next[bond.second] += 1
    }
    var distances = [Int?](repeating: nil, count: self.sites)
    for site in sites { distances[site] = 0 }
    var (front, distance) = (sites, 0)
    while !front.isEmpty {
      distance += 1
      var reached: [Int] = []
      for site in front {
        for neighbour in neighbours[starts[site]..<starts[site + 1]] where distances[Int(neighbour)] == nil {
          distances[Int(neighbour)] = distance
          reached.append(Int(neighbour))
        }
      }
      front = reached
    }
    return distances
  }
}
