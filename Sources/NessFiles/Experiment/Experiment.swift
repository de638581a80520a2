import NessModel

/// What is to be computed: a medium between baths, how to simulate it, and parameters that take several values.
/// Validated once, immutable after; every point of its sweep is a possible model.
package struct Experiment: Sendable {
  /// The text that an experiment was read from, kept as its provenance.
  package struct Source: Hashable, Codable, Sendable {
    /// The file as the user named it.
    package let file: String
    /// The text of the file.
    package let text: String
    /// Paths of the tables that the text names.
    package let tables: [String]

    /// A text, the file that it is of, and the tables that it names.
    package init(file: String, text: String, tables: [String]) {
      self.file = file
      self.text = text
      self.tables = tables
    }
  }

  /// A title in words, if given.
  package let title: String?
  /// The medium, before any sweep.
  package let medium: AnyMedium
  /// The baths in the order of the file, before any sweep.
  package let contacts: [Contact]
  /// What changes with the time, before any sweep; nil for nothing.
  package let drive: Drive?
  /// What is asked; nil for what costs little.
  package let quantities: Questions?
  /// As which device it is studied, if any.
  package let device: DeviceChoice?
  /// What is followed from a start on, if anything; nil for the steady state.
  package let transient: Transient?
  /// How to simulate.
  package let run: RunSettings
  /// The parameters that take several values, if any.
  package let sweep: Sweep?
  /// The file that the experiment was read from; nil if a program made it.
  package let source: Source?
  /// Where the quantities that are named stand in the file; empty if a program made it.
  let quantityPlaces: [FilePlace]
  private let validatedPoints: [ExperimentPoint]

  /// An experiment made by a program.
  ///
  /// - Throws: `ExperimentError` with every fault at once, each with its key path.
  package init(
    title: String? = nil, medium: AnyMedium, contacts: [Contact], drive: Drive? = nil, quantities: Questions? = nil,
    device: DeviceChoice? = nil,
    run: RunSettings = RunSettings(), sweep: Sweep? = nil, transient: Transient? = nil
  ) throws(ExperimentError) {
    let setup = Setup(medium: medium, contacts: contacts, drive: drive, transient: transient)
    var faults = setup.faults + setup.faults(of: quantities, sweep) + run.faults
    faults += device?.faults(between: setup.ends) ?? []
    faults += setup.faults(of: device)
    faults += run.record?.faults(sites: medium.sites) ?? []
    if let sweep {
      faults += setup.parameterFaults(of: sweep) + sweep.valueFaults
      if faults.isEmpty { faults = setup.faults(alongSweep: sweep) }
    }
    guard faults.isEmpty else { throw ExperimentError(faults: faults) }
    try self.init(
      title: title, setup: setup, quantities: quantities, device: device, run: run, sweep: sweep, source: nil)
  }

  /// An experiment whose faults have been looked for.
  init(
    title: String?, setup: Setup, quantities: Questions?, quantityPlaces: [FilePlace] = [], device: DeviceChoice? = nil,
    run: RunSettings, sweep: Sweep?, source: Source?
  ) throws(ExperimentError) {
    self.title = title
    self.quantities = quantities
    self.quantityPlaces = quantityPlaces
    self.device = device
    medium = setup.medium
    contacts = setup.contacts
    drive = setup.drive
    transient = setup.transient
    self.run = run
    self.sweep = sweep
    self.source = source
    validatedPoints = try setup.points(along: sweep)
  }

  /// The points of the sweep in order, each with its validated model; a single one without a sweep.
  package func points() -> [ExperimentPoint] { validatedPoints }

  /// Dimension of a numeric parameter in words, for example `energy` for `baths.left.temperature`; nil if it has none
  /// of that path.
  package func dimension(ofParameter path: String) -> String? {
    description(ofParameter: path)?.dimension
  }

  /// What is known of a numeric parameter: symbol, name, dimension; nil if the experiment has none of that path.
  package func description(ofParameter path: String) -> ParameterDescription? {
    setup.parameters.first { $0.path == path }?.description
  }
}

extension Experiment {
  /// The baths whose temperatures do not follow from the others, in the order of the file.
  package var givenContacts: [Contact] { contacts.filter { !$0.isSelfConsistent } }
  /// Its physical part, before any sweep.
  var setup: Setup { Setup(medium: medium, contacts: contacts, drive: drive, transient: transient) }
}

extension Experiment: Equatable {
  /// Equal content, whatever file it was read from.
  package static func == (first: Experiment, second: Experiment) -> Bool {
    first.title == second.title && first.medium == second.medium && first.contacts == second.contacts
      && first.drive == second.drive && first.transient == second.transient && first.quantities == second.quantities
      && first.device == second.device
      && first.run == second.run
      && first.sweep == second.sweep
  }
}

/// A parameter and its value.
package struct ParameterValue: Hashable, Sendable {
  /// Path of the parameter, for example `baths.left.temperature`.
  package let path: String
  /// Its value.
  package let value: Double

  /// A parameter and its value.
  package init(path: String, value: Double) {
    self.path = path
    self.value = value
  }
}

/// One point of a sweep.
package struct ExperimentPoint: Hashable, Sendable {
  /// The swept parameters with their values, in order; empty without a sweep.
  package let parameters: [ParameterValue]
  /// The model at this point.
  package let model: AnyModel
}

extension Setup {
  /// The models along a sweep, or the single model without one.
  func points(along sweep: Sweep?) throws(ExperimentError) -> [ExperimentPoint] {
    guard let sweep else { return [try point([])] }
    var points: [ExperimentPoint] = []
    for values in sweep.points { points.append(try point(values)) }
    return points
  }

  private func point(_ parameters: [ParameterValue]) throws(ExperimentError) -> ExperimentPoint {
    var setup = self
    for parameter in parameters {
      guard let changed = setup.with(parameter.path, parameter.value) else {
        let found = "\(parameter.path) = \(parameter.value)"
        throw ExperimentError(faults: [FileFault(key: "sweep", found: found, expected: "a parameter with this value")])
      }
      setup = changed
    }
    do throws(ModelError) {
      let model = try setup.model().with(setup.transient)
      return ExperimentPoint(parameters: parameters, model: model)
    } catch {
      throw ExperimentError(
        faults: error.faults.map(FileFault.init))
    }
  }
}
