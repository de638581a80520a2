import CYaml

/// What a text may cost, looked at before its tree is built. An alias repeats everything that its anchor names, so a kilobyte
/// of nested aliases stands for more values than there are atoms, and whoever walks along the tree never comes back; keys
/// inside keys are hashed again at every level.
enum YAMLBounds {
  /// Most values that all aliases of a text may stand for.
  static let mostValues = 10_000
  /// Most levels of lists and mappings, one in the other, that an alias may lie in and bring along.
  static let mostLevels = 100

  /// The first place that goes beyond the bounds; nil if none does. Faults of the text itself are left to who reads it.
  static func fault(in text: String) -> FileFault? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      var parser = yaml_parser_t()
      guard yaml_parser_initialize(&parser) == 1 else { return nil }
      defer { yaml_parser_delete(&parser) }
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      var walk = Walk()
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_END_EVENT { return nil }
        if let fault = walk.fault(at: event) { return fault }
      }
    }
  }

  /// Values below a node, itself among them, and how many levels they go down.
  private struct Size {
    var values = 1
    var levels = 1
  }

  /// A list or mapping that has begun.
  private struct OpenNode {
    let anchor: String?
    let isMapping: Bool
    let isKey: Bool
    var size = Size()
    var children = 0
  }

  private struct Walk {
    private var sizes: [String: Size] = [:]
    private var open: [OpenNode] = []
    private var openKeys = 0
    private var aliased = 0

    mutating func fault(at event: yaml_event_t) -> FileFault? {
      switch event.type {
      case YAML_SEQUENCE_START_EVENT: return begin(event.data.sequence_start.anchor, isMapping: false, event)
      case YAML_MAPPING_START_EVENT: return begin(event.data.mapping_start.anchor, isMapping: true, event)
      case YAML_SCALAR_EVENT: take(Size(), Self.name(event.data.scalar.anchor))
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        guard let node = open.popLast() else { return nil }
        if node.isKey { openKeys -= 1 }
        take(node.size, node.anchor)
      case YAML_ALIAS_EVENT:
        // One that has no anchor is a fault of the text.
        guard let size = Self.name(event.data.alias.anchor).flatMap({ sizes[$0] }) else { return nil }
        aliased += size.values
        if aliased > mostValues || open.count + size.levels > mostLevels {
          return tooMuch(at: event.start_mark, isDeep: aliased <= mostValues)
        }
        take(size, nil)
      default: break
      }
      return nil
    }

    private mutating func begin(
      _ anchor: UnsafeMutablePointer<yaml_char_t>?, isMapping: Bool, _ event: yaml_event_t
    ) -> FileFault? {
      let isKey = open.last.map { $0.isMapping && $0.children.isMultiple(of: 2) } ?? false
      if isKey {
        if openKeys > 0 { return keyInKey(at: event.start_mark) }
        openKeys += 1
      }
      open.append(OpenNode(anchor: Self.name(anchor), isMapping: isMapping, isKey: isKey))
      return nil
    }

    /// Adds a node that is complete to the one it is in.
    private mutating func take(_ size: Size, _ anchor: String?) {
      if let anchor { sizes[anchor] = size }
      guard let last = open.indices.last else { return }
      open[last].children += 1
      open[last].size.values += size.values
      open[last].size.levels = max(open[last].size.levels, size.levels + 1)
    }

    private static func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
      anchor.map { String(cString: $0) }
    }
  }

  private static func tooMuch(at mark: yaml_mark_t, isDeep: Bool) -> FileFault {
    FileFault(
      line: Int(mark.line) + 1, column: Int(mark.column) + 1, key: "",
      found: isDeep
        ? "aliases of aliases, more than \(mostLevels) levels deep"
        : "aliases that stand for more than \(mostValues) values in all",
      expected: "at most \(mostValues) values and \(mostLevels) levels behind aliases",
      remedy: "write the values out; an experiment file rarely needs an alias")
  }

  private static func keyInKey(at mark: yaml_mark_t) -> FileFault {
    FileFault(
      line: Int(mark.line) + 1, column: Int(mark.column) + 1, key: "",
      found: "a list or a mapping as a key inside a key", expected: "keys of one word")
  }
}
