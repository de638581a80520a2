import NessModel

extension KineticSolver {
  /// What a simulation measures of a particle between walls: all of it at once, for nothing.
  package static func offers(for model: BoxModel) -> [Offer] {
    let rests = model.trap != nil || model.stallingWall != nil
    return model.motionOffers(atRest: rests, isSampled: true) + [
      Offer(
        .energyDensity, .numbers(Box.energyClasses), unless: model.companyReason ?? (rests ? BoxModel.restWords : nil))
    ]
  }
}
