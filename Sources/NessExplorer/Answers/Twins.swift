import NessFiles
import NessModel

/// The same system by the other mechanics, classical or quantum, as experiments; what there is not is null.
struct Twins: Encodable {
  /// The classical model that a quantum one approaches as hbar -> 0.
  struct Limit: Encodable {
    let experiment: ExperimentTree
    /// By what its heat current is to be multiplied to be that limit.
    let factor: Double
  }

  let twin: ExperimentTree?
  let classicalLimit: Limit?

  /// - Parameter hbar: Planck's constant over 2 pi of a quantum twin [energy time].
  init(_ model: AnyModel, hbar: Double) throws {
    twin = try model.twin(hbar: hbar).map(Self.tree)
    classicalLimit = try model.classicalLimit.map { Limit(experiment: try Self.tree($0.model), factor: $0.factor) }
  }

  private static func tree(_ model: AnyModel) throws -> ExperimentTree {
    ExperimentTree(
      try Experiment(
        medium: model.medium, contacts: contacts(model)))
  }

  /// A bath at several sites is one of a file.
  private static func contacts(_ model: AnyModel) -> [Contact] {
    let attachments = model.attachments
    return model.writtenBaths.map { written in
      let first = attachments[written.members[0]]
      guard first.name != written.name else { return Contact(first.name, site: Self.site(first), first.bath) }
      return Contact(
        written.name, sites: .ranges(written.members.map { attachments[$0].site...attachments[$0].site }), first.bath)
    }
  }

  /// Baths of these names are where their names say.
  private static func site(_ attachment: (name: String, site: Int, bath: AnyBath)) -> Int? {
    ["left", "right"].contains(attachment.name) ? nil : attachment.site
  }
}
