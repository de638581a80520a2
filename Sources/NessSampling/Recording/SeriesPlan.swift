/// What is recorded along the time of a run: series of the first replicas, one sample every so many steps after the burn-in.
package struct SeriesPlan: Sendable, Hashable {
  /// What the numbers of a sample stand for.
  package struct Axis: Sendable, Hashable {
    /// Its name, for example `site`.
    package let name: String
    /// A word for each number.
    package let labels: [String]

    package init(_ name: String, _ labels: [String]) { (self.name, self.labels) = (name, labels) }
  }

  /// One quantity: `axis.labels.count` numbers in every sample of a replica.
  package struct Series: Sendable, Hashable {
    package let name: String
    /// Dimension in words.
    package let dimension: String
    package let meaning: String
    package let axis: Axis

    package init(_ name: String, dimension: String, meaning: String, axis: Axis) {
      (self.name, self.dimension, self.meaning, self.axis) = (name, dimension, meaning, axis)
    }

    /// Numbers in a sample.
    package var width: Int { axis.labels.count }
  }

  package let series: [Series]
  /// Replicas that are recorded: 0 to `replicas - 1`.
  package let replicas: Int
  /// Steps between two samples.
  package let stepsPerSample: Int
  /// Length of a step [time].
  package let timeStep: Double
  /// Whether time goes on in steps; else the interval counts as one step.
  package let isStepped: Bool
  /// Most samples; a run that ends at its error may end before.
  package let samples: Int

  /// A plan; see the properties.
  package init(series: [Series], replicas: Int, stepsPerSample: Int, timeStep: Double, samples: Int) {
    (self.series, self.replicas, self.stepsPerSample) = (series, replicas, stepsPerSample)
    (self.timeStep, self.samples, isStepped) = (timeStep, samples, true)
  }

  /// A plan of samples of what has no steps, at any interval [time].
  package init(series: [Series], replicas: Int, interval: Double, samples: Int) {
    (self.series, self.replicas, stepsPerSample) = (series, replicas, 1)
    (timeStep, self.samples, isStepped) = (interval, samples, false)
  }

  /// Time between two samples [time].
  package var interval: Double { Double(stepsPerSample) * timeStep }
  /// Size of all samples [bytes].
  package var bytes: Double {
    8 * Double(replicas) * Double(samples) * series.reduce(0) { $0 + Double($1.width) }
  }

  /// Complete samples after a time of measurement [time].
  package func samples(after time: Double) -> Int { min(samples, Int((time / interval * (1 + 1e-12)).rounded(.down))) }
}

/// Where samples are kept while a run goes on.
package protocol SeriesKeeper: AnyObject, Sendable {
  /// Tells this place from any other that was made for the same run: a saved state goes on only where its samples are.
  var token: UInt64 { get }
  /// Keeps samples of one series of one replica, from the sample with a number from 0 on. May be called by several threads,
  /// each with replicas of its own.
  func write(_ values: UnsafeBufferPointer<Double>, series: Int, replica: Int, sample: Int)
  /// Returns when what was written survives an end of any kind.
  func sync()
}

/// A plan and where its samples are kept.
package struct SeriesRecording: Sendable {
  package let plan: SeriesPlan
  package let keeper: any SeriesKeeper

  package init(_ plan: SeriesPlan, in keeper: any SeriesKeeper) { (self.plan, self.keeper) = (plan, keeper) }
}
