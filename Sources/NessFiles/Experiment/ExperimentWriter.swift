import NessModel

extension Experiment {
  /// The experiment as a file: every parameter is written, defaults too. Reading it gives an equal experiment.
  package func yaml() -> String {
    var lines: [String] = []
    if let title { lines.append("title: \(Self.quoted(title))") }
    lines += ["medium:", "  kind: \(medium.kind.key)"] + medium.base.yamlLines.map { "  \($0)" }
    lines.append("baths:")
    for contact in contacts {
      lines += ["  \(contact.name):", "    kind: \(contact.bath.kind.key)"]
      if let site = contact.site { lines.append("    site: \(site)") }
      if let sites = contact.sites { lines.append("    sites: \(sites.text)") }
      lines += contact.bath.base.yamlLines.map { "    \($0)" }
    }
    lines += drive?.yamlLines ?? []
    if let quantities { lines.append(quantities.yamlLine) }
    if let device { lines.append(device.yamlLine) }
    if let transient { lines.append(transient.yamlLine) }
    lines += run.yamlLines + (sweep?.yamlLines ?? [])
    return lines.joined(separator: "\n") + "\n"
  }

  /// A text in double quotes; what YAML would fold or refuse is escaped.
  fileprivate static func quoted(_ text: String) -> String {
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

extension Described {
  /// Every parameter, defaults too; of two equal ends one number.
  fileprivate var yamlLines: [String] {
    described.flatMap { parameter -> [String] in
      let name = parameter.name
      // An end of a pair is written with the pair.
      if name.contains(".") { return [] }
      if let text = parameter.text { return ["\(name): \(text)"] }
      if case .ends = parameter.description.form {
        let ends = described.filter { $0.name.hasPrefix("\(name).") }
          .map { "\($0.name.dropFirst(name.count + 1)): \($0.text ?? "")" }
        return ["\(name): {\(ends.joined(separator: ", "))}"]
      }
      guard let table = tables.first(where: { $0.name == name }) else { return [] }
      return ["\(name):"] + table.rows.map { "  - [\($0.map { "\($0)" }.joined(separator: ", "))]" }
    }
  }
}

extension Questions {
  /// Names with brackets are quoted, as YAML wants them within a list.
  fileprivate var yamlLine: String {
    if case .named(let items) = self {
      return
        "quantities: [\(items.map { item in "\(item)".contains("[") ? "\"\(item)\"" : "\(item)" }.joined(separator: ", "))]"
    }
    return "quantities: \(Self.allWord)"
  }
}

extension Drive {
  fileprivate var yamlLines: [String] {
    ["drive:"] + (period.map { ["  period: \($0)"] } ?? [])
      + items.map { "  \($0.path): \(Experiment.quoted($0.formula))" }
  }
}

extension RunSettings {
  fileprivate var yamlLines: [String] {
    let optional = [
      ("duration", duration), ("burnIn", burnIn), ("timeStep", timeStep), ("targetError", targetError),
    ]
    return ["run:", "  seed: \(seed)", "  replicas: \(replicas)"]
      + optional.compactMap { name, value in value.map { "  \(name): \($0)" } }
      + [noise.map { "  noise: \($0.rawValue)" }, record.map { "  record: \($0.text)" }].compactMap { $0 }
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
