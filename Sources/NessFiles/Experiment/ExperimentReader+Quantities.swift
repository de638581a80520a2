import NessModel

extension ExperimentReader {
  private static let form =
    "a list of quantities, for example [heatCurrent, kineticTemperature], or all, however long that takes"

  /// The quantities that are asked for; nil, and reported, where they cannot be read.
  mutating func questions(_ owner: Entry) -> Questions? {
    guard let nodes = owner.node.sequence else {
      guard let word = text(owner, expected: Self.form) else { return nil }
      if word == Questions.allWord { return .all }
      report(
        owner.path, at: owner.valuePlace, found: shortened(word), expected: Self.form,
        remedy: Questions.Item(word).map { "write [\($0)]" })
      return nil
    }
    remember(owner)
    var items: [Questions.Item] = []
    var isWhole = true
    for (index, node) in nodes.enumerated() {
      let path = "\(owner.path)[\(index)]"
      let entry = Entry(path: path, name: owner.name, keyPlace: owner.keyPlace, node: node)
      guard let word = text(entry, expected: "the name of a quantity") else {
        isWhole = false
        continue
      }
      do throws(UnknownQuantity) { items.append(try Questions.item(word)) } catch {
        isWhole = false
        report(path, at: entry.valuePlace, found: error.found, expected: error.expected, remedy: error.remedy)
      }
    }
    return isWhole ? .named(items) : nil
  }

  /// Where the quantities of a list stand, in its order.
  func places(of questions: Questions?) -> [FilePlace] {
    (questions?.items ?? []).indices.map { index in
      let place = places["quantities[\(index)]"]?.place
      return FilePlace(line: place?.line, column: place?.column)
    }
  }
}

/// A place in an experiment file.
struct FilePlace: Hashable, Sendable {
  let line: Int?
  let column: Int?
}

extension Setup {
  /// Why quantities cannot be asked for, as far as that can be told without a solver.
  func faults(of questions: Questions?, _ sweep: Sweep?) -> [FileFault] {
    guard let questions, case .named(let items) = questions else { return [] }
    if items.isEmpty {
      return [
        FileFault(
          key: "quantities", found: "an empty list", expected: "at least one quantity",
          remedy: "leave quantities out for those that cost little")
      ]
    }
    let names = contacts.flatMap { contact in [contact.name] + contact.places(on: medium.sites).map(\.name) }
    var faults = items.enumerated().compactMap { index, item -> FileFault? in
      guard case .member(let quantity) = item, let bath = quantity.bath, !names.contains(bath) else { return nil }
      let family = quantity.family.rawValue
      let known = names.map { "\(family).\($0)" }
      return FileFault(
        key: "quantities[\(index)]", found: shortened("\(item)"), expected: alternatives([family] + known),
        remedy: closest(to: bath, among: names).map { "did you mean \(family).\($0)?" })
    }
    if sweep?.refinement != nil, !questions.contains(.heatCurrent) {
      faults.append(
        FileFault(
          key: "quantities", found: "no heatCurrent",
          expected: "heatCurrent among them, whose maximum sweep.refine looks for"))
    }
    return faults
  }
}

extension Experiment {
  /// The fault of a quantity that is asked for by name, at its place in the file.
  ///
  /// - Parameter index: its place among the questions.
  package func fault(ofQuestion index: Int, found: String, expected: String, remedy: String? = nil) -> FileFault {
    let place = quantityPlaces.indices.contains(index) ? quantityPlaces[index] : FilePlace(line: nil, column: nil)
    return FileFault(
      file: source?.file, line: place.line, column: place.column, key: "quantities[\(index)]", found: found,
      expected: expected, remedy: remedy)
  }
}
