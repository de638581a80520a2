import NessModel

extension Experiment {
  /// The experiment as a file: every parameter is written, defaults too. Reading it gives an equal experiment.
  public func yaml() -> String {
    var lines: [String] = []
    if let title { lines.append("title: \(Self.quoted(title))") }
    lines += ["medium:", "  kind: chain"]
    lines += Chain.fields.map { "  \($0.name): \($0.text(in: medium))" }
    let ends = Chain.pinningFields.map { "\($0.name): \($0.text(in: medium))" }.joined(separator: ", ")
    let isEven = medium.pinning.left == medium.pinning.right
    lines.append("  pinning: " + (isEven ? "\(medium.pinning.left)" : "{\(ends)}"))
    lines.append("baths:")
    for contact in contacts {
      lines += ["  \(contact.name):", "    kind: \(contact.bath.kind.rawValue)"]
      if let site = contact.site { lines.append("    site: \(site)") }
      lines += contact.bath.parameters.map { "    \($0.name): \($0.text)" }
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

extension RunSettings {
  fileprivate var yamlLines: [String] {
    let optional = [
      ("duration", duration), ("burnIn", burnIn), ("timeStep", timeStep), ("targetError", targetError),
    ]
    return ["run:", "  seed: \(seed)", "  replicas: \(replicas)"]
      + optional.compactMap { name, value in value.map { "  \(name): \($0)" } }
  }
}

extension Sweep {
  fileprivate var yamlLines: [String] {
    let head = ["sweep:", "  parameter: \(parameter)"]
    switch values {
    case .list(let list): return head + ["  values: [\(list.map { "\($0)" }.joined(separator: ", "))]"]
    case .range(let from, let to, let points, let scale):
      return head + ["  from: \(from)", "  to: \(to)", "  points: \(points)", "  scale: \(scale.rawValue)"]
    }
  }
}
