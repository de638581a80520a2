import NessSampling

/// Takes samples of neighbouring replicas of a box between their collisions. It reads their state and changes nothing but its
/// own.
final class FlightRecorder {
  private let recorded: RecordedFlights
  private let samples: SampleBuffer
  /// Samples taken, the same number of every replica.
  private(set) var count = 0
  /// Heat from the left and the right wall since the last sample, replica after replica [energy].
  private var heats: [Double]

  /// A recorder of the replicas from `first` on, at most `most` of them; nil if none of them is recorded.
  init?(_ recorded: RecordedFlights?, _ recording: SeriesRecording?, first: Int, most: Int) {
    guard let recorded, let recording, first < recorded.plan.replicas else { return nil }
    self.recorded = recorded
    let replicas = first..<min(recorded.plan.replicas, first + most)
    samples = SampleBuffer(recorded.plan, recording.keeper, replicas: replicas)
    heats = [Double](repeating: 0, count: 2 * replicas.count)
  }

  /// Replicas that it records.
  var replicas: Int { samples.replicas.count }

  /// The measurement begins.
  func begin() {
    count = 0
    for index in heats.indices { heats[index] = 0 }
    samples.clear()
  }

  /// When the next sample is taken, `start` after the end of the burn-in being 0; infinite if there are no more [time].
  func next(after start: Double) -> Double {
    count < recorded.plan.samples ? Double(count + 1) * recorded.plan.interval - start : .infinity
  }

  /// Heat that came from the walls to a replica, counted from the first that is recorded [energy].
  @inline(__always)
  func book(_ replica: Int, left: Double, right: Double) {
    heats[2 * replica] += left
    heats[2 * replica + 1] += right
  }

  /// Takes a sample of all replicas.
  ///
  /// - Parameter particle: place, velocity and mass of a particle of a replica.
  func take(_ particle: (_ replica: Int, _ particle: Int) -> (place: Double, velocity: Double, mass: Double)) {
    let perTime = 1 / recorded.plan.interval
    for (series, quantity) in recorded.quantities.enumerated() {
      let (first, stride) = samples.place(of: series)
      for replica in 0..<replicas {
        for number in 0..<recorded.plan.series[series].width {
          var value: Double
          if quantity == .heatFrom {
            value = heats[2 * replica + number] * perTime
          } else {
            let state = particle(replica, number)
            switch quantity {
            case .position: value = state.place
            case .velocity: value = state.velocity
            default: value = state.mass * state.velocity * state.velocity * (quantity == .kineticEnergy ? 0.5 : 1)
            }
          }
          first[replica * stride + number] = value
        }
      }
    }
    for index in heats.indices { heats[index] = 0 }
    samples.endSample(count)
    count += 1
  }

  /// Writes the samples that wait.
  func flush() { samples.flush() }

  // MARK: saved states

  var bytesOfState: Int { 8 * (heats.count + 3) }

  func save(to writer: inout StateWriter) {
    samples.sync()
    writer.add(samples.token)
    writer.add(count)
    writer.addValues(heats)
  }

  /// Takes up what `save` wrote; the samples before are where they were kept.
  ///
  /// - Parameter time: measured so far [time].
  func restore(from reader: inout StateReader, time: Double) throws(StateFault) {
    guard try reader.next(UInt64.self) == samples.token else {
      throw StateFault("what was recorded up to there is no longer in its place")
    }
    count = try reader.next(Int.self)
    heats = try reader.finiteValues(count: heats.count)
    // A sample at the end of a window may be taken in the next one.
    let expected = min(Double(recorded.plan.samples), time / recorded.plan.interval)
    guard abs(Double(count) - expected) <= 1 + 1e-9 * expected else {
      throw StateFault("the saved state makes no sense")
    }
    samples.clear()
  }
}
