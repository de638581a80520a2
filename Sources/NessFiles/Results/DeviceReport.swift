import NessModel
import NessStatistics

/// What a study of a device found: numbers for every point by every method, and a verdict for every method.
package struct DeviceReport: Sendable {
  /// A number with its name and dimension in words.
  package struct Number: Hashable, Sendable {
    package let name: String
    package let dimension: String
    package let estimate: Estimate

    /// A number with its name and dimension.
    package init(name: String, dimension: String, estimate: Estimate) {
      self.name = name
      self.dimension = dimension
      self.estimate = estimate
    }
  }

  /// The numbers of one point by one method.
  package struct Row: Sendable {
    /// The parameters of the sweep.
    package let parameters: [ParameterValue]
    package let method: Method
    package let claim: Claim
    package let numbers: [Number]
    /// What they say, or why there are none.
    package let text: String

    /// The numbers of one point.
    package init(parameters: [ParameterValue], method: Method, claim: Claim, numbers: [Number], text: String) {
      self.parameters = parameters
      self.method = method
      self.claim = claim
      self.numbers = numbers
      self.text = text
    }
  }

  /// What the points say together, by one method.
  package struct Finding: Sendable {
    package let method: Method
    package let claim: Claim
    /// Whether it is such a device: true or false at 95 %, or beyond the numerical error; nil if neither can be said.
    package let isSeen: Bool?
    /// The number that the device is judged by; nil if no single one is.
    package let number: Number?
    /// How sure its difference from a device that does nothing is, as for a Gaussian; nil if it was not sampled.
    package let sigmas: Double?
    /// The statement in words.
    package let text: String

    /// A verdict.
    package init(
      method: Method, claim: Claim, isSeen: Bool?, number: Number?, sigmas: Double? = nil, text: String
    ) {
      self.method = method
      self.claim = claim
      self.isSeen = isSeen
      self.number = number
      self.sigmas = sigmas.flatMap { $0.isFinite ? $0 : nil }
      self.text = text
    }
  }

  /// What kind of device it is: `diode`, `transistor`, `conductivity` or `refrigerator`.
  package let device: String
  /// Title of the experiment.
  package let title: String?
  /// Whether some points are missing, for the work was stopped.
  package var isInterrupted: Bool
  /// Method after method, the best first; the points of each in their order.
  package let rows: [Row]
  /// Method after method.
  package let findings: [Finding]
  /// What is to be said besides, in sentences; warnings are marked.
  package var notes: [String]

  /// A report on the results of some runs, with what limits those.
  package init(
    device: String, title: String?, of documents: [ResultDocument], rows: [Row], findings: [Finding], notes: [String]
  ) {
    self.device = device
    self.title = title
    isInterrupted = documents.contains(where: \.interrupted)
    self.rows = rows
    self.findings = findings
    // What limits a number of a run limits what is made of it.
    let points = documents.flatMap(\.points)
    let limits = points.flatMap { $0.refusals.map(\.description) + $0.notes.filter(Note.isWarning) }
    var known: Set<String> = []
    self.notes = (notes + limits).filter { known.insert($0).inserted }
  }
}

extension DeviceReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case device, title, ness, interrupted, points, verdicts, notes
    case parameters, method, validity, numbers, text, isSeen, number, sigmas
  }

  /// Encodes the JSON form, `Documentation/Results.md`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(device, forKey: .device)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encode(nessVersion, forKey: .ness)
    try container.encode(isInterrupted, forKey: .interrupted)
    var points = container.nestedUnkeyedContainer(forKey: .points)
    for row in rows {
      var point = points.nestedContainer(keyedBy: CodingKeys.self)
      var values = point.nestedContainer(keyedBy: PathKey.self, forKey: .parameters)
      for parameter in row.parameters {
        try values.encode(parameter.value, forKey: PathKey(stringValue: parameter.path))
      }
      try point.encode(row.method, forKey: .method)
      try point.encode(row.claim.validity, forKey: .validity)
      try point.encode(row.numbers, forKey: .numbers)
      try point.encode(row.text, forKey: .text)
    }
    var verdicts = container.nestedUnkeyedContainer(forKey: .verdicts)
    for finding in findings {
      var verdict = verdicts.nestedContainer(keyedBy: CodingKeys.self)
      try verdict.encode(finding.method, forKey: .method)
      try verdict.encode(finding.claim.validity, forKey: .validity)
      try verdict.encode(finding.isSeen, forKey: .isSeen)
      try verdict.encodeIfPresent(finding.number, forKey: .number)
      try verdict.encodeIfPresent(finding.sigmas, forKey: .sigmas)
      try verdict.encode(finding.text, forKey: .text)
    }
    try container.encode(notes, forKey: .notes)
  }

  /// A line for every point and method, under a header with dimensions; what is not known is left empty.
  ///
  /// - Parameter dimension: the dimension of a swept parameter.
  package func csv(dimension: (String) -> String? = { _ in nil }) -> String {
    var paths: [String] = []
    var names: [(name: String, dimension: String)] = []
    for row in rows {
      for parameter in row.parameters where !paths.contains(parameter.path) { paths.append(parameter.path) }
      for number in row.numbers where !names.contains(where: { $0.name == number.name }) {
        names.append((number.name, number.dimension))
      }
    }
    let header =
      paths.map { path in path + (dimension(path).map { " [\($0)]" } ?? "") } + ["method"]
      + names.flatMap { ["\($0.name) [\($0.dimension)]", "\($0.name) uncertainty [\($0.dimension)]"] } + ["verdict"]
    let lines = rows.map { row -> [String] in
      paths.map { path in row.parameters.first { $0.path == path }.map { "\($0.value)" } ?? "" } + [row.method.rawValue]
        + names.flatMap { name -> [String] in
          let found = row.numbers.first { $0.name == name.name }?.estimate
          return [found.map { "\($0.value)" } ?? "", found.map { "\($0.error)" } ?? ""]
        } + [row.text]
    }
    return ([header] + lines).map { $0.map(ResultDocument.csvField).joined(separator: ",") + "\n" }.joined()
  }
}

extension DeviceReport.Number: Encodable {
  private enum CodingKeys: String, CodingKey { case name, value, uncertainty, kind, effectiveSamples, dimension }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(estimate.value, forKey: .value)
    try container.encode(estimate.error, forKey: .uncertainty)
    switch estimate.uncertainty {
    case .statistical(_, let samples):
      try container.encode("statistical", forKey: .kind)
      try container.encode(samples, forKey: .effectiveSamples)
    case .numerical: try container.encode("numerical", forKey: .kind)
    }
    try container.encode(dimension, forKey: .dimension)
  }
}
