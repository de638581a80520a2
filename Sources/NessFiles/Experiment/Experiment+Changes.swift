import NessModel

extension Experiment {
  /// A numeric parameter of the medium or of a bath.
  package struct NumericParameter: Sendable {
    /// Its path, for example `baths.left.temperature`.
    package let path: String
    /// What is known of it.
    package let description: ParameterDescription
    /// Its value before any sweep; nil if it is left to Ness, or has two ends.
    package let value: Double?
  }

  /// Every numeric parameter, in the order of the file.
  package var numericParameters: [NumericParameter] {
    var values: [String: String] = [:]
    for parameter in medium.parameters { values["medium.\(parameter.name)"] = parameter.text }
    for contact in contacts {
      for parameter in contact.bath.parameters { values["baths.\(contact.name).\(parameter.name)"] = parameter.text }
      values["baths.\(contact.name).site"] = contact.site.map { "\($0)" }
    }
    return setup.parameters.map {
      NumericParameter(path: $0.path, description: $0.description, value: values[$0.path].flatMap { Double($0) })
    }
  }

  /// The same experiment with another value of a numeric parameter, or of a number below `run`.
  ///
  /// - Throws: `ExperimentError` if there is none of that path, or the value makes the experiment impossible.
  package func setting(_ path: String, to value: Double) throws(ExperimentError) -> Experiment {
    try setting([ParameterValue(path: path, value: value)])
  }

  /// The same experiment with other values of numeric parameters and of numbers below `run`, all changed together.
  ///
  /// - Throws: `ExperimentError` if there is none of some path, or the values make the experiment impossible.
  package func setting(_ changes: [ParameterValue]) throws(ExperimentError) -> Experiment {
    var setup = self.setup
    var settings = run
    for change in changes {
      if let changed = settings.setting(change.path, to: change.value) {
        settings = changed
      } else if let changed = setup.with(change.path, change.value) {
        setup = changed
      } else {
        throw ExperimentError(faults: [setup.fault(of: change)])
      }
    }
    return try with(setup, run: settings, sweep: sweep)
  }

  /// The same experiment with another sweep.
  package func swept(by sweep: Sweep?) throws(ExperimentError) -> Experiment {
    try with(setup, run: run, sweep: sweep)
  }

  private func with(_ setup: Setup, run: RunSettings, sweep: Sweep?) throws(ExperimentError) -> Experiment {
    try Experiment(
      title: title, medium: setup.medium, contacts: setup.contacts, drive: setup.drive, quantities: quantities,
      device: device, run: run, sweep: sweep, transient: setup.transient)
  }
}

extension Setup {
  /// Why a number cannot be changed.
  fileprivate func fault(of change: ParameterValue) -> FileFault {
    let known = parameters.map(\.path) + RunSettings.numbers
    return known.contains(change.path)
      ? FileFault(key: change.path, found: "\(change.value)", expected: "a whole number")
      : FileFault(
        key: change.path, found: "no such parameter", expected: "one of \(known.joined(separator: ", "))",
        remedy: closest(to: change.path, among: known).map { "did you mean \($0)?" })
  }
}

extension RunSettings {
  /// Paths of the numbers below `run`.
  fileprivate static let numbers = numberKeys.map { "run.\($0)" }

  /// The settings with another value of a number; nil if there is none of that path, or it needs a whole number.
  fileprivate func setting(_ path: String, to value: Double) -> RunSettings? {
    var settings = self
    switch path {
    case "run.seed":
      guard let seed = UInt64(exactly: value) else { return nil }
      settings.seed = seed
    case "run.replicas":
      guard let replicas = Int(exactly: value) else { return nil }
      settings.replicas = replicas
    case "run.duration": settings.duration = value
    case "run.burnIn": settings.burnIn = value
    case "run.timeStep": settings.timeStep = value
    case "run.targetError": settings.targetError = value
    default: return nil
    }
    return settings
  }
}
