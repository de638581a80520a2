import NessModel

/// One fault of an experiment: where it is, what was found and what was expected.
package struct FileFault: Hashable, Sendable, CustomStringConvertible {
  /// The file as the user named it; nil if the experiment was not read from a file.
  package var file: String?
  /// Line, from 1; nil if the fault belongs to no line.
  package var line: Int?
  /// Column, from 1; nil if the fault belongs to no column.
  package var column: Int?
  /// Path of the key, for example `baths.left.temperature` or `sweep.values[2]`; empty for the file as a whole.
  package var key: String
  /// What was found, in words.
  package var found: String
  /// What would be acceptable, in words.
  package var expected: String
  /// What to do about it, if that is not plain from `expected`.
  package var remedy: String?
  /// Characters of a text that stand before the one that is wrong; nil if it is wrong as a whole.
  var offset: Int?

  /// A fault at a key; without a file and a line if the experiment was made by a program.
  package init(
    file: String? = nil, line: Int? = nil, column: Int? = nil, key: String, found: String, expected: String,
    remedy: String? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.key = key
    self.found = found
    self.expected = expected
    self.remedy = remedy
  }

  /// A fault that the rules of a model found.
  init(_ fault: ParameterFault) {
    self.init(key: fault.parameter, found: fault.found, expected: fault.expected, remedy: fault.remedy)
    offset = fault.offset
  }

  /// `chain.yaml:14:18: baths.left.temperature: found -3.0, expected a temperature > 0 (remedy)`
  package var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
    let message = "found \(found), expected \(expected)" + (remedy.map { " (\($0))" } ?? "")
    return [place, key, message].filter { !$0.isEmpty }.joined(separator: ": ")
  }
}

/// Every fault of an experiment at once.
package struct ExperimentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The faults in the order of the file; never empty.
  package let faults: [FileFault]

  /// An error from its faults.
  package init(faults: [FileFault]) {
    self.faults = faults
  }

  /// One line per fault; after fifty only how many more there are.
  package var description: String {
    let shown = faults.prefix(50).map(\.description)
    let hidden = faults.count - shown.count
    return (shown + (hidden > 0 ? ["... and \(hidden) more faults"] : [])).joined(separator: "\n")
  }
}
