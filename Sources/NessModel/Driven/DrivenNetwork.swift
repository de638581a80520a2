import NessFormula

/// A network whose potentials, forces or baths change with the time, the same after every period.
package struct DrivenNetwork: DrivenMedium {
  /// Baths that can be simulated on a site.
  package typealias BathLaw = NetworkBath

  package let source: AnyMedium
  package let drive: Drive
  package let course: DriveCourse
  /// The network, its driven numbers as they are in the file.
  package let network: Network

  /// For messages alone.
  package static let kind = KindDescription(
    "driven", title: "Driven network", meaning: "a chain or a network beside a drive")
  /// A harmonic chain of four sites, the first one pushed.
  package static let example: DrivenNetwork = {
    let drive = Drive([.init("medium.force[1]", "cos(t)")])
    let bath = AnyBath(LangevinBath.example)
    guard
      let model = try? DrivenNetwork.model(
        AnyMedium(Network.example), drive, [("left", 1, bath), ("right", 4, bath)])
    else { preconditionFailure("an example") }
    return model.medium
  }()
  /// None of its own.
  package static let parameters: [Parameter<DrivenNetwork>] = []

  /// Number of sites.
  package var sites: Int { network.sites }

  /// The network at every time.
  package var form: DrivenForm {
    var builder = NetworkBuilder(network, driven: course.parameters)
    guard let found = builder.buildDriven(course) else { preconditionFailure("\(builder.faults)") }
    return found
  }

  /// A driven model; the medium and the baths are possible ones without the drive.
  ///
  /// - Throws: `ModelError` with all faults at once.
  package static func model(
    _ source: AnyMedium, _ drive: Drive, _ baths: [(name: String, site: Int, bath: AnyBath)]
  ) throws(ModelError) -> Model<DrivenNetwork> {
    guard let network = drivenNetwork(source.base, drive) else {
      throw ModelError(faults: [
        .init(
          parameter: "drive", found: "a drive beside a medium of kind \(source.kind.key)",
          expected: "a medium of kind chain, network or levels")
      ])
    }
    var faults = source.base.faults.map { $0.below("medium") }
    if network.isQuantum {
      faults.append(
        .init(
          parameter: "medium.hbar", found: "\(network.hbar)", expected: "0 beside a drive",
          remedy: "a driven medium is classical"))
    }
    var attachments: [Model<Network>.Attachment] = []
    for bath in baths {
      if let law = NetworkBath(bath.bath.base) {
        attachments.append(.init(name: bath.name, site: bath.site, bath: law))
      } else {
        faults.append(
          .init(
            parameter: "baths.\(bath.name).kind", found: bath.bath.kind.key,
            expected: "a bath that can touch a network"))
      }
    }
    do throws(ModelError) {
      _ = try Model<Network>(medium: network, attachments: attachments)
    } catch {
      faults += error.faults.filter { fault in
        !(fault.parameter.hasPrefix("medium") && (!faults.isEmpty || source.base is Network))
      }
    }
    guard faults.isEmpty else { throw ModelError(faults: faults) }
    var reader = DriveReader(drive, of: source.base, baths)
    guard let course = reader.course() else { throw ModelError(faults: reader.faults) }
    var builder = NetworkBuilder(network, driven: course.parameters)
    guard builder.buildDriven(course) != nil else {
      throw ModelError(faults: builder.faults.map { $0.below("medium") })
    }
    let medium = DrivenNetwork(source: source, drive: drive, course: course, network: network)
    return try Model(
      medium: medium, attachments: attachments.map { .init(name: $0.name, site: $0.site, bath: $0.bath) })
  }

  /// A network, or the one that a chain is, with names for the numbers that are driven; nil for another medium.
  private static func drivenNetwork(_ medium: any Medium, _ drive: Drive) -> Network? {
    let paths = Set(drive.items.map(\.path))
    var network: Network
    if let chain = medium as? Chain {
      network = chain.network
      if paths.contains("medium.spring") || paths.contains("medium.quartic"), chain.rules.bond == nil {
        network.bond = "_spring*r^2/2 + _quartic*r^4/4"
        network.parameters += [.init("_spring", chain.springConstant), .init("_quartic", chain.quarticConstant)]
      }
    } else if let own = medium as? Network {
      network = own
    } else {
      return nil
    }
    return network
  }
}

/// A driven network between baths.
package typealias DrivenModel = Model<DrivenNetwork>
