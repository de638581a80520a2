import NessFiles
import NessModel

/// A device: the experiments that it needs, and what is made of their results.
package protocol Device: Sendable {
  /// The experiments to be computed, each with a word for progress and notes; empty if there is one alone.
  var runs: [(name: String, experiment: Experiment)] { get }

  /// What their results say.
  ///
  /// - Parameters:
  ///   - documents: results of `runs`, in that order; points that were not reached may be missing.
  ///   - watch: asked whether to stop where theory is asked further.
  func report(on documents: [ResultDocument], _ watch: DeviceWatch) throws -> DeviceReport
}

/// What a device needs of its surroundings while it is judged.
package struct DeviceWatch: Sendable {
  /// Threads; the results do not depend on it.
  package let threads: Int
  /// Asked whether to stop.
  package let shouldStop: @Sendable () -> Bool

  /// Nobody stops it, unless given.
  package init(threads: Int = 1, shouldStop: @escaping @Sendable () -> Bool = { false }) {
    self.threads = threads
    self.shouldStop = shouldStop
  }
}

/// Why an experiment is no such device, in words.
package struct DeviceError: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

extension DeviceChoice {
  /// An experiment as this device.
  ///
  /// - Throws: `DeviceError` if it is none.
  package func device(of experiment: Experiment) throws(DeviceError) -> any Device {
    switch kind {
    case .diode: try Diode(experiment)
    case .transistor:
      try Transistor(experiment, TransistorRoles(of: experiment, base: base, emitter: emitter, collector: collector))
    case .conductivity: try Conductivity(experiment)
    case .refrigerator: try Refrigerator(experiment)
    }
  }
}

extension Experiment {
  /// The same with other baths, questions, seed or sweep, all checked together.
  func changed(
    contacts: [Contact]? = nil, quantities: Questions, seed: UInt64? = nil, sweep: Sweep?, whatFor words: String
  ) throws(DeviceError) -> Experiment {
    if drive != nil { throw DeviceError("\(words): a driven medium is no such device: leave drive out") }
    var settings = run
    if let seed { settings.seed = seed }
    do throws(ExperimentError) {
      return try Experiment(
        title: title, medium: medium, contacts: contacts ?? self.contacts, quantities: quantities, run: settings,
        sweep: sweep)
    } catch {
      throw DeviceError("\(words):\n\(error)")
    }
  }

  /// Whether a number of that path may be swept.
  func hasParameter(_ path: String) -> Bool { description(ofParameter: path) != nil }
}

extension Sweep {
  /// That it is not used, in words.
  var leftOut: String { "the sweep of the file, over \(axes.map(\.parameter).joined(separator: " and ")), is left out" }

  /// The same without the search for a maximum, which would add other points to one run than to another, and with other names of
  /// parameters.
  func plain(naming name: (String) -> String = { $0 }) -> Sweep {
    func plain(_ axis: SweepAxis) -> SweepAxis {
      var axis = axis
      axis.parameter = name(axis.parameter)
      axis.refinement = nil
      return axis
    }
    return switch self {
    case .single(let axis): .single(plain(axis))
    case .grid(let axes): .grid(axes.map(plain))
    case .paired(let axes): .paired(axes.map(plain))
    }
  }
}
