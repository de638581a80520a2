import Yams

/// The tree of an experiment file as a value that can be written as JSON: the same keys, numbers as numbers.
package struct ExperimentTree: Encodable, Sendable {
  private indirect enum Branch: Sendable {
    case text(String)
    case number(Double)
    case whole(Int)
    case flag(Bool)
    case nothing
    case list([Branch])
    case map([(key: String, value: Branch)])

    init(_ node: Node) {
      switch node {
      case .mapping(let mapping):
        self = .map(mapping.map { (key: $0.key.scalar?.string ?? "", value: Branch($0.value)) })
      case .sequence(let sequence): self = .list(sequence.map(Branch.init))
      case .scalar(let scalar):
        if let whole = node.int {
          self = .whole(whole)
        } else if let number = node.float, number.isFinite {
          self = .number(number)
        } else if let flag = node.bool {
          self = .flag(flag)
        } else {
          self = node.null == nil ? .text(scalar.string) : .nothing
        }
      case .alias: self = .nothing
      }
    }
  }

  private let root: Branch

  /// The complete tree of an experiment: every parameter, defaults too.
  package init(_ experiment: Experiment) {
    // What Ness writes itself is valid YAML without aliases, so nothing of it is lost here.
    root = (try? Yams.compose(yaml: experiment.yaml())).flatMap { $0 }.map(Branch.init) ?? .map([])
  }

  /// Encodes the tree with its keys in the order of the file.
  package func encode(to encoder: any Encoder) throws { try Self.encode(root, to: encoder) }

  private static func encode(_ branch: Branch, to encoder: any Encoder) throws {
    switch branch {
    case .map(let entries):
      var container = encoder.container(keyedBy: PathKey.self)
      for (key, value) in entries { try encode(value, to: container.superEncoder(forKey: PathKey(stringValue: key))) }
    case .list(let items):
      var container = encoder.unkeyedContainer()
      for item in items { try encode(item, to: container.superEncoder()) }
    default:
      var container = encoder.singleValueContainer()
      switch branch {
      case .text(let text): try container.encode(text)
      case .number(let number): try container.encode(number)
      case .whole(let whole): try container.encode(whole)
      case .flag(let flag): try container.encode(flag)
      default: try container.encodeNil()
      }
    }
  }
}
