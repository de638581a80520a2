import CVectorMath

/// The motion of the chain: several steps go along it like a wave, step s one site behind step s - 1, so that a site
/// is loaded once for many steps. What is computed does not depend on the order, so neither do the bytes.
extension LaneMotion {
  /// Most steps in a sweep: the sites between the first and the last of them should stay in the first-level cache.
  static let mostStages = 64
  /// Sites by which the first step goes ahead before the next one follows.
  private static let tile = 64
  /// Chains shorter than that stay in the first-level cache anyway.
  private static let shortest = 32

  /// Steps that a sweep does together.
  var stepsTogether: Int { dynamics.sites < Self.shortest ? 1 : Self.mostStages }

  /// Does `stages` steps, the first of which is step `withinBlock` of the block of the random streams.
  func sweep(steps stages: Int, _ withinBlock: Int) {
    let ends = dynamics.sites + stages - 1
    var start = 0
    while start < ends {
      let end = min(start + Self.tile, ends)
      var stage = 0
      while stage < stages {
        // Of a pair of which one step is read, that is the second.
        let pair = isRead(withinBlock + stage) && dynamics.stepsPerReading > 1 ? 1 : min(2, stages - stage)
        let first = max(0, start - stage)
        let last = min(end - stage, dynamics.sites + pair - 1)
        if first < last { advance(stages: stage..<(stage + pair), from: first, to: last, withinBlock) }
        stage += pair
      }
      start = end
    }
  }

  /// Whether the kinetic temperatures are read after a step.
  @inline(__always)
  private func isRead(_ withinBlock: Int) -> Bool { (withinBlock + 1) & (dynamics.stepsPerReading - 1) == 0 }

  /// One or two steps, the first of them on the sites `first..<end`, the second one site behind.
  @inline(__always)
  private func advance(stages: Range<Int>, from first: Int, to end: Int, _ withinBlock: Int) {
    let behind = stages.count - 1
    var site = first
    while site < end {
      let contact = self.contact(from: max(0, site - behind))
      if site >= behind, let contact, contact.pointee.site > site {
        let stop = min(contact.pointee.site, end)
        move(stages, from: site, to: stop, withinBlock)
        site = stop
        continue
      }
      for stage in stages {
        let here = site - (stage - stages.lowerBound)
        guard here >= 0, let contact = self.contact(from: here) else { continue }
        if contact.pointee.site == here {
          touch(contact, stage: stage, withinBlock + stage)
        } else {
          move(stage..<(stage + 1), from: here, to: here + 1, withinBlock)
        }
      }
      site += 1
    }
  }

  @inline(__always)
  private func move(_ stages: Range<Int>, from first: Int, to end: Int, _ withinBlock: Int) {
    let kinetic = sums + ledger.kinetic(0)
    let pulls = pull + stages.lowerBound
    let last = withinBlock + stages.upperBound - 1
    let read: Int32 = !isRead(last) ? 0 : stages.count == 2 && isRead(last - 1) ? 2 : 1
    if stages.count == 2 {
      ness_sweep_twice(read, displacement, velocity, kinetic, pulls, first, end, dynamics.bondLaw)
    } else {
      ness_sweep_once(read, displacement, velocity, kinetic, pulls, first, end, dynamics.bondLaw)
    }
  }

  /// One step of a site that is pinned or touches baths.
  @inline(__always)
  private func touch(_ contact: UnsafePointer<BathLayout.Contact>, stage: Int, _ withinBlock: Int) {
    let (site, last) = (contact.pointee.site, dynamics.sites - 1)
    let law = dynamics.bondLaw
    let timeStep = Lanes(repeating: law.time_step)
    let isQuartic: Int32 = law.quartic == 0 ? 0 : 1
    if site == 0 {
      displacement[0] = ness_fma(timeStep, velocity[0], displacement[0])
      pull[stage] = Lanes()
    }
    var right = Lanes()
    if site < last {
      displacement[site + 1] = ness_fma(timeStep, velocity[site + 1], displacement[site + 1])
      right = ness_bond_pull(displacement[site + 1] - displacement[site], law, isQuartic)
    }
    var impulse = ness_bond_kick(right, pull[stage], law, isQuartic)
    pull[stage] = right
    let kick = dynamics.timeStep / dynamics.mass
    if site == 0 { impulse = ness_fma(Lanes(repeating: -kick * dynamics.pinningLeft), displacement[site], impulse) }
    if site == last { impulse = ness_fma(Lanes(repeating: -kick * dynamics.pinningRight), displacement[site], impulse) }
    if contact.pointee.baths.isEmpty {
      velocity[site] += impulse
    } else {
      exchange(contact, impulse: impulse, withinBlock)
    }
    guard isRead(withinBlock) else { return }
    let kinetic = sums + ledger.kinetic(site)
    kinetic.pointee = ness_fma(velocity[site], velocity[site], kinetic.pointee)
  }
}
