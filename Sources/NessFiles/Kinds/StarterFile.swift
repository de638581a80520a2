import NessModel

/// A commented experiment file to begin with: every key of a medium and of its baths with what it means, those that may be left
/// out as comments.
package enum StarterFile {
  /// The text of a file: a bath at each end, and a sweep over the temperature of the left one.
  ///
  /// - Parameters:
  ///   - medium: one of the catalogue.
  ///   - left: a bath that can touch it.
  ///   - right: a bath that can touch it.
  package static func text(medium: any Medium.Type, left: any Bath.Type, right: any Bath.Type) -> String {
    // The left end is the hotter one, by factors that have no dimension.
    let cold = right.example.temperature > 0 ? right.example.temperature : 1
    let swept = axis(left, right, cold)
    let lines =
      [
        "# \(upper(medium.kind.meaning)), between two baths.",
        "# The Boltzmann constant is 1; mass, length and time are whatever your numbers mean.",
        "# What stands behind # may be left out and has then the value that is shown.",
        "# All keys in tables: ness kinds \(medium.kind.key). What will happen: ness check FILE.",
        "title: \(medium.kind.title) between two baths",
        "medium:",
      ] + block(medium.kind, medium.example.described, beside: medium.defaults, indent: 2) + ["baths:"]
      + end("left", left, temperature: 2 * cold) + end("right", right, temperature: cold)
      + [
        "# quantities: [heatCurrent]  # what to answer; left out: all that costs little (ness kinds \(medium.kind.key))"
      ] + (medium.isSampled ? run : [])
      + [
        "sweep:",
        "  parameter: \(swept.path)  # any number of this file",
        "  values: \([1.5, 2, 3, 5, 10].map { swept.value * $0 })",
      ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A temperature to sweep, and a value that is 1 of it; where no bath has one, the first number of the left bath.
  private static func axis(_ left: any Bath.Type, _ right: any Bath.Type, _ cold: Double) -> (
    path: String, value: Double
  ) {
    for (name, bath) in [("left", left), ("right", right)]
    where bath.defaults.contains(where: { $0.name == "temperature" }) {
      return ("baths.\(name).temperature", cold)
    }
    let first = left.example.described.first { $0.isNumeric }
    return ("baths.left.\(first?.name ?? "")", first?.text.flatMap { Double($0) } ?? 1)
  }

  private static let run = [
    "run:",
    "  seed: 1            # the same seed gives the same bytes",
    "  targetError: 0.02  # relative error of the heat current at which a point is finished, time step included",
    "  # replicas: 64     # independent copies",
    "  # burnIn, timeStep and duration are chosen from the model if they are left out",
  ]

  private static func end(_ name: String, _ bath: any Bath.Type, temperature: Double) -> [String] {
    let example: any Bath = bath.example.at(temperature: temperature)
    return ["  \(name):"] + block(bath.kind, example.described, beside: bath.defaults, indent: 4)
  }

  private static func block(
    _ kind: KindDescription, _ parameters: [DescribedParameter], beside defaults: [DescribedParameter], indent: Int
  ) -> [String] {
    let usual = Set(defaults.compactMap { parameter in parameter.text.map { "\(parameter.name): \($0)" } })
    var rows: [(text: String, comment: String)] = [("kind: \(kind.key)", plain(kind.meaning))]
    // One number stands for both ends.
    let whole = Set(
      parameters.filter {
        if case .structure = $0.description.form { return true }
        return $0.description.form == .ends && $0.text != nil
      }.map(\.name))
    for parameter in parameters where !whole.contains(where: parameter.name.isPart) {
      let description = parameter.description
      if case .structure(let forms) = description.form, !description.isRequired, parameter.text == nil {
        rows.append(("# \(parameter.name):", "\(plain(description.meaning)); none if left out; like \(forms[0].word)"))
        continue
      }
      guard let text = parameter.text else {
        rows.append(("# \(parameter.name):", "\(plain(description.meaning)); chosen if left out"))
        continue
      }
      let isNeeded = description.isRequired || !usual.contains("\(parameter.name): \(text)")
      let mark = isNeeded || parameter.name == "temperature" ? "" : "# "
      rows.append(("\(mark)\(parameter.name): \(text)", comment(description)))
    }
    let width = rows.map(\.text.count).max() ?? 0
    return rows.map { row in
      String(repeating: " ", count: indent) + row.text
        + String(repeating: " ", count: width - row.text.count) + "  # \(row.comment)"
    }
  }

  private static func comment(_ parameter: ParameterDescription) -> String {
    var parts = [parameter.symbol, plain(parameter.meaning)].compactMap { $0 }.joined(separator: ", ")
    if let words = parameter.words { parts += ": \(words.joined(separator: ", "))" }
    return ["1", "word"].contains(parameter.dimension) ? parts : "\(parts) [\(parameter.dimension)]"
  }

  private static func plain(_ text: String) -> String { text.replacing("`", with: "") }
  private static func upper(_ text: String) -> String { plain(text.prefix(1).uppercased() + text.dropFirst()) }
}
