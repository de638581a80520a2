import NessModel
import NessStatistics

/// Where the replicas sat while they were measured: in which well of a site that particles push to several places.
struct WellCounts {
  /// Well of every replica, most of the time.
  let wells: [Int]
  /// Replicas of every well.
  let replicas: [Int]
  /// Changes of the well from one batch to the next, of all replicas.
  let changes: Int
  /// Rate at which the shares of the wells forget their start, from the changes seen [1/time].
  let rate: Double
  private let law: Wells

  /// - Parameters:
  ///   - law: the wells.
  ///   - series: displacement of the site in every batch.
  ///   - duration: time measured [time].
  init(_ law: Wells, _ series: ReplicaSeries, duration: Double) {
    self.law = law
    var (changes, wells): (Int, [Int]) = (0, [])
    var visits = [Int](repeating: 0, count: law.centres.count)
    for replica in 0..<series.replicas {
      let path = series.values[(replica * series.batches)..<((replica + 1) * series.batches)].map(law.well)
      changes += zip(path, path.dropFirst()).count { $0 != $1 }
      var own = [Int](repeating: 0, count: law.centres.count)
      for well in path { own[well] += 1 }
      for well in own.indices { visits[well] += own[well] }
      wells.append(own.indices.max { own[$0] < own[$1] } ?? 0)
    }
    self.changes = changes
    self.wells = wells
    replicas = law.centres.indices.map { well in wells.count { $0 == well } }
    let all = Double(max(1, visits.reduce(0, +)))
    // In the steady state of two wells changes = 2 p (1 - p) rate, per time and replica.
    let spread = visits.reduce(0) { $0 + Double($1) / all * (1 - Double($1) / all) }
    rate = spread > 0 ? Double(changes) / (spread * Double(series.replicas) * duration) : 0
  }

  /// How far the mean of replicas in one well is from the mean of all, at most, from one value of every replica.
  func spread(of means: [Double]) -> Double {
    let mean = means.reduce(0, +) / Double(means.count)
    return replicas.indices.reduce(0) { largest, well in
      let own = zip(means, wells).filter { $0.1 == well }.map(\.0)
      return own.isEmpty ? largest : max(largest, abs(own.reduce(0, +) / Double(own.count) - mean))
    }
  }

  /// Where the replicas sat, in words.
  var description: String {
    let places = law.centres.map(\.short).joined(separator: ", ")
    let counts = replicas.map(String.init).joined(separator: ", ")
    return "site \(law.place + 1) has \(replicas.count) wells, around \(places): \(counts) replicas sat there, and "
      + (changes == 0 ? "no change of well was seen" : "\(changes) changes of well were seen")
  }
}
