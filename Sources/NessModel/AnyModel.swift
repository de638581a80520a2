/// A model of any medium: what an experiment file describes before a solver is chosen.
package struct AnyModel: Hashable, Sendable {
  private let base: any ErasedModel

  /// A model whose medium is no longer known to the compiler.
  package init<MediumType: Medium>(_ model: Model<MediumType>) { base = model }

  private init(base: any ErasedModel) { self.base = base }

  /// A validated model from a medium and baths that must fit it.
  ///
  /// - Throws: `ModelError` with all faults at once.
  package init(medium: AnyMedium, attachments: [(name: String, site: Int, bath: AnyBath)]) throws(ModelError) {
    base = try Self.solved(medium.base, attachments)
  }

  /// The same, driven, or with baths at several sites.
  ///
  /// - Parameter groups: the names of written baths at several sites, for the names of the attachments that are of them.
  package init(
    medium: AnyMedium, attachments: [(name: String, site: Int, bath: AnyBath)], drive: Drive?,
    groups: [String: String] = [:]
  ) throws(ModelError) {
    if let drive, let system = medium.base as? LevelSystem {
      base = try DrivenLevels.model(system, drive, attachments)
    } else if let drive {
      base = try DrivenNetwork.model(medium, drive, attachments)
    } else {
      base = try Self.solved(medium.base, attachments, groups)
    }
  }

  private static func solved(
    _ medium: any Medium, _ attachments: [(name: String, site: Int, bath: AnyBath)], _ groups: [String: String] = [:]
  ) throws(ModelError) -> any ErasedModel {
    guard let other = medium.solvedAs else { return try fitted(medium, attachments, groups) }
    // The medium tells its faults in the words of its own keys.
    let faults = medium.faults.map { $0.below("medium") }
    do throws(ModelError) {
      let model = try fitted(other, attachments, groups, written: AnyMedium(medium))
      if faults.isEmpty { return model }
    } catch {
      if faults.isEmpty { throw error }
      throw ModelError(faults: faults + error.faults.filter { !$0.parameter.hasPrefix("medium") })
    }
    throw ModelError(faults: faults)
  }

  private static func fitted<MediumType: Medium>(
    _ medium: MediumType, _ attachments: [(name: String, site: Int, bath: AnyBath)], _ groups: [String: String],
    written: AnyMedium? = nil
  ) throws(ModelError) -> any ErasedModel {
    var faults: [ParameterFault] = []
    var fitting: [Model<MediumType>.Attachment] = []
    for attachment in attachments {
      if let bath = MediumType.BathLaw(attachment.bath.base) {
        fitting.append(
          .init(name: attachment.name, site: attachment.site, bath: bath, group: groups[attachment.name]))
      } else {
        faults.append(
          ParameterFault(
            parameter: "baths.\(attachment.name).kind", found: attachment.bath.kind.key,
            expected: "a bath that can touch a medium of this kind: "
              + Catalogue.baths(touching: MediumType.self).map { $0.kind.key }.joined(separator: " or ")))
      }
    }
    if faults.isEmpty { return try Model(medium: medium, attachments: fitting, written: written) }
    do throws(ModelError) {
      _ = try Model(medium: medium, attachments: fitting)
    } catch {
      faults += error.faults.filter { $0.parameter != "baths" }
    }
    throw ModelError(faults: faults)
  }

  /// The model, if it is one of that medium.
  package func of<MediumType: Medium>(_ medium: MediumType.Type) -> Model<MediumType>? { base as? Model<MediumType> }

  /// The medium.
  package var medium: AnyMedium { base.anyMedium }
  /// The baths with their names and sites, in the order of the model.
  package var attachments: [(name: String, site: Int, bath: AnyBath)] { base.anyAttachments }
  /// The baths as they were written, in the order of their first sites.
  package var writtenBaths: [WrittenBath] { base.writtenBaths }
  /// Whole numbers that the file may leave open, roughly as they will be chosen.
  package var impliedNumbers: [ImpliedNumber] { base.impliedNumbers }
  /// The baths whose temperatures are given, as they were written, in their order.
  package var givenBaths: [(name: String, temperature: Double)] {
    let temperatures = temperatures
    return writtenBaths.filter { !$0.isSelfConsistent }.map { ($0.name, temperatures[$0.members[0]]) }
  }
  /// The temperatures of the baths, in the order of the model [energy].
  package var temperatures: [Double] { attachments.map(\.bath.base.temperature) }

  /// The same model with a bath, at all of its sites, at another temperature [energy]; nil if there is no bath of that name, or no such
  /// model.
  package func with(temperature: Double, ofBath name: String) -> AnyModel? {
    base.with(temperature: temperature, ofBath: name).map(AnyModel.init(base:))
  }

  /// What is followed from a start on, if the file asks for it.
  package var transient: Transient? { base.transient }
  /// The same model, followed from a start.
  package func with(_ transient: Transient?) -> AnyModel { AnyModel(base: base.following(transient)) }

  /// The same system by the other mechanics, classical or quantum; nil if there is none.
  ///
  /// - Parameter hbar: Planck's constant over 2 pi of a quantum twin [energy time].
  package func twin(hbar: Double) -> AnyModel? { base.twin(hbar: hbar) }
  /// What a quantum model becomes as hbar -> 0; nil for a classical one, and where that is not known.
  package var classicalLimit: ClassicalLimit? { base.classicalLimit }

  /// Equal models of one medium.
  package static func == (first: AnyModel, second: AnyModel) -> Bool { first.base.isEqual(to: second.base) }
  /// Hashes the model.
  package func hash(into hasher: inout Hasher) { base.hash(into: &hasher) }
}

/// A model whose medium is not known to the compiler.
private protocol ErasedModel: Hashable, Sendable {
  var anyMedium: AnyMedium { get }
  var anyAttachments: [(name: String, site: Int, bath: AnyBath)] { get }
  var impliedNumbers: [ImpliedNumber] { get }
  var writtenBaths: [WrittenBath] { get }
  func with(temperature: Double, ofBath name: String) -> (any ErasedModel)?
  func twin(hbar: Double) -> AnyModel?
  var transient: Transient? { get }
  func following(_ transient: Transient?) -> any ErasedModel
  var classicalLimit: ClassicalLimit? { get }
}

extension ErasedModel {
  func isEqual(to other: any ErasedModel) -> Bool { other as? Self == self }
}

extension Model: ErasedModel {
  fileprivate func following(_ transient: Transient?) -> any ErasedModel { with(transient) }
  fileprivate func twin(hbar: Double) -> AnyModel? { MediumType.twin(of: self, hbar: hbar) }
  fileprivate var classicalLimit: ClassicalLimit? { MediumType.classicalLimit(of: self) }

  fileprivate var anyMedium: AnyMedium { AnyMedium(medium) }
  fileprivate var anyAttachments: [(name: String, site: Int, bath: AnyBath)] {
    attachments.map { ($0.name, $0.site, AnyBath($0.bath.law)) }
  }

  fileprivate var impliedNumbers: [ImpliedNumber] { MediumType.impliedNumbers(of: self) }

  fileprivate func with(temperature: Double, ofBath name: String) -> (any ErasedModel)? {
    guard attachments.contains(where: { $0.name == name || $0.group == name }) else { return nil }
    return try? Model(
      medium: medium,
      attachments: attachments.map {
        $0.name == name || $0.group == name ? $0.with($0.bath.at(temperature: temperature)) : $0
      }, written: written
    ).with(transient)
  }
}
