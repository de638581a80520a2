// The classical and the quantum box: each is the other's twin. Length, mass and temperatures stay; a Maxwell wall is the twin of
// the coupling `maxwell`, a Metropolis wall with moves in energy that of `collision` with the spectrum `metropolis`.

extension Box {
  /// The quantum box.
  package static var twin: (any Medium.Type)? { QuantumBox.self }

  /// The quantum box between the twins of the walls; none of several particles or rods.
  package static func twin(of model: BoxModel, hbar: Double) -> AnyModel? {
    if model.medium.isGas { return nil }
    let medium = QuantumBox(length: model.medium.length, mass: model.medium.mass, hbar: hbar)
    let attachments = model.attachments.map { attachment in
      QuantumBoxModel.Attachment(name: attachment.name, site: attachment.site, bath: attachment.bath.quantumTwin)
    }
    return (try? Model(medium: medium, attachments: attachments)).map { AnyModel($0) }
  }
}

extension QuantumBox {
  /// The classical box.
  package static var twin: (any Medium.Type)? { Box.self }

  /// The classical box between the twins of the walls; couplings that are no wall's become Maxwell walls.
  package static func twin(of model: QuantumBoxModel, hbar: Double) -> AnyModel? {
    let medium = Box(length: model.medium.length, mass: model.medium.mass)
    let attachments = model.attachments.map { attachment in
      BoxModel.Attachment(name: attachment.name, site: attachment.site, bath: attachment.bath.classicalTwin)
    }
    return (try? Model(medium: medium, attachments: attachments)).map { AnyModel($0) }
  }

  /// Between walls that thermalise at once, at rate 1: half of the renewal current of the classical twin.
  ///
  /// - Checked by: extrapolation in hbar (reproduction of Zou et al. 2026, figure of the ladder).
  package static func classicalLimit(of model: QuantumBoxModel) -> ClassicalLimit? {
    let thermalises = model.attachments.allSatisfy { $0.bath.coupling == .maxwell && $0.bath.rate == 1 }
    return thermalises ? twin(of: model, hbar: 0).map { ClassicalLimit(model: $0, factor: 0.5) } : nil
  }
}

extension WallBath {
  fileprivate var quantumTwin: LindbladBath {
    switch collisionLaw {
    case .maxwell: LindbladBath(temperature: law.temperature, coupling: .maxwell, spectrum: .metropolis)
    case .metropolis(let wall):
      LindbladBath(temperature: law.temperature, coupling: .collision(width: wall.width), spectrum: .metropolis)
    }
  }
}

extension LindbladBath {
  fileprivate var classicalTwin: WallBath {
    guard case .collision(let width) = coupling else { return WallBath(MaxwellBath(temperature: temperature)) }
    return WallBath(MetropolisBath(temperature: temperature, proposal: .energy, width: width))
  }
}
