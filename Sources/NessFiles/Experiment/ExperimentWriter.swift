import NessModel

extension Experiment {
  /// The experiment as a file: every parameter is written, defaults too. Reading it gives an equal experiment.
  public func yaml() -> String {
    var lines: [String] = []
    if let title { lines.append("title: \(Self.quoted(title))") }
    lines += ["medium:", "  kind: \(medium.kind.rawValue)"] + medium.yamlLines
    lines.append("baths:")
    for contact in contacts {
      lines += ["  \(contact.name):", "    kind: \(contact.bath.kind.rawValue)"]
      if let site = contact.site { lines.append("    site: \(site)") }
      lines += contact.bath.yamlLines
    }
    lines += run.yamlLines + (sweep?.yamlLines ?? [])
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text in double quotes; what YAML would fold or refuse is escaped.
  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x22, 0x5C: "\\" + String(scalar)
      case ..<0x20, 0x7F...0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

extension AnyMedium {
  fileprivate var yamlLines: [String] {
    let isEven = parameters.contains { $0.name == "pinning" && $0.text != nil }
    let ends = parameters.filter { $0.name.hasPrefix("pinning.") }
    let single = parameters.filter { !$0.name.hasPrefix("pinning.") }
      .compactMap { parameter in parameter.text.map { "  \(parameter.name): \($0)" } }
    if isEven || ends.isEmpty { return single }
    let pair = ends.map { "\($0.name.dropFirst("pinning.".count)): \($0.text ?? "")" }.joined(separator: ", ")
    return single + ["  pinning: {\(pair)}"]
  }
}

extension AnyBath {
  fileprivate var yamlLines: [String] {
    parameters.flatMap { parameter -> [String] in
      if let text = parameter.text { return ["    \(parameter.name): \(text)"] }
      guard let table = tables.first(where: { $0.name == parameter.name }) else { return [] }
      return ["    \(parameter.name):"] + table.rows.map { "      - [\($0.map { "\($0)" }.joined(separator: ", "))]" }
    }
  }
}

extension RunSettings {
  fileprivate var yamlLines: [String] {
    let optional = [
      ("duration", duration), ("burnIn", burnIn), ("timeStep", timeStep), ("targetError", targetError),
    ]
    return ["run:", "  seed: \(seed)", "  replicas: \(replicas)"]
      + optional.compactMap { name, value in value.map { "  \(name): \($0)" } }
      + [noise.map { "  noise: \($0.rawValue)" }].compactMap { $0 }
  }
}

extension Sweep {
  fileprivate var yamlLines: [String] {
    func list(_ axes: [SweepAxis], indent: String) -> [String] {
      axes.flatMap { axis in
        axis.yamlLines.enumerated().map { "\(indent)\($0 == 0 ? "- " : "  ")\($1)" }
      }
    }
    return switch self {
    case .single(let axis): ["sweep:"] + axis.yamlLines.map { "  \($0)" }
    case .grid(let axes): ["sweep:"] + list(axes, indent: "  ")
    case .paired(let axes): ["sweep:", "  paired:"] + list(axes, indent: "    ")
    }
  }
}

extension SweepAxis {
  fileprivate var yamlLines: [String] {
    let search =
      refinement.map { ["refine: \($0.goal.rawValue)", "refineError: \($0.relativeError)"] } ?? []
    return switch values {
    case .list(let list):
      ["parameter: \(parameter)", "values: [\(list.map { "\($0)" }.joined(separator: ", "))]"] + search
    case .range(let from, let to, let points, let scale):
      ["parameter: \(parameter)", "from: \(from)", "to: \(to)", "points: \(points)", "scale: \(scale.rawValue)"]
        + search
    }
  }
}
