import NessModel
import NessStatistics

/// Ways to estimate heats as series with controls of mean zero: what the estimates of a run choose from, and what is differenced
/// between runs.
extension ChannelAnalysis {
  /// Of the current between two baths: from all its passages, and with what the noise told where that is followed.
  var currentForms: [HeatForm] {
    var right = ensemble.series(channel: ledger.heat(1))
    right.scale(by: -1)
    var passages = [ensemble.series(channel: ledger.heat(0)), right]
    if !model.medium.isHarmonic { passages = [HeatForm.mean(passages)] }
    if let terminals = model.terminals, terminals.left.site < terminals.right.site {
      passages.append(ensemble.meanFlow)
    }
    let plain = HeatForm(passages: passages)
    guard let law = ensemble.innovations else { return [plain] }
    if law.takesCoefficients {
      return [
        plain, HeatForm(plain.series, controls: plain.controls + law.heats.indices.flatMap { controls($0, law) }),
      ]
    }
    let sharp =
      model.medium.isHarmonic ? [sharpSeries(from: 0)] : [sharpSeries(from: 0), sharpSeries(from: 1, sign: -1)]
    return [plain] + sharp.compactMap { $0.map { HeatForm($0) } }
  }

  /// Of the heat from one bath.
  func forms(_ bath: Int) -> [HeatForm] {
    let plain = HeatForm(ensemble.series(channel: ledger.heat(bath)))
    guard let law = ensemble.innovations else { return [plain] }
    if let sharp = sharpSeries(from: bath) { return [plain, HeatForm(sharp)] }
    guard law.takesCoefficients,
      let place = law.heats.firstIndex(where: { $0.subject == .heat(from: bath) || $0.subject == .current })
    else { return [plain] }
    return [plain, HeatForm(plain.series, controls: controls(place, law))]
  }

  /// The heat from a bath less its innovation, or minus those of all others where their sum is that of a harmonic chain.
  private func sharpSeries(from bath: Int, sign: Double = 1) -> ReplicaSeries? {
    if var own = sharpHeats[bath] {
      own.scale(by: sign)
      return own
    }
    guard model.medium.isHarmonic else { return nil }
    let others = model.attachments.indices.filter {
      $0 != bath && !model.attachments[$0].bath.stochasticLaw.isDecoupled
    }
    let series = others.compactMap { sharpHeats[$0] }
    guard !series.isEmpty, series.count == others.count else { return nil }
    var sum = series[0]
    for other in series.dropFirst() { sum.add(other) }
    sum.scale(by: -sign)
    return sum
  }
}

extension NetworkAnalysis {
  /// Of the current between two baths: from all its passages, and with what the noise told where that is followed.
  var currentForms: [HeatForm] {
    let ends = bathed.written.prefix(2).map { forms(of: $0) }
    var passages = ends.map { $0[0].series }
    passages[1].scale(by: -1)
    if !bathed.network.isHarmonic { passages = [HeatForm.mean(passages)] }
    if let passage = ensemble.passage { passages.append(passage) }
    let plain = HeatForm(passages: passages)
    // Of baths at several sites the noise tells about the heats one by one.
    let told =
      bathed.baths.count == 2 ? [innovation(nil)].compactMap { $0 } : ends.flatMap { $0.last?.controls ?? [] }
    return told.isEmpty ? [plain] : [plain, HeatForm(plain.series, controls: plain.controls + told)]
  }

  /// Of the heat from a bath at all of its sites.
  func forms(of bath: WrittenBath) -> [HeatForm] {
    let each = bath.members.map(forms)
    return (0..<(each.map(\.count).min() ?? 0)).map { form in HeatForm(sum: each.map { ($0[form], 1) }) }
  }

  /// Of the heat from one bath.
  func forms(_ bath: Int) -> [HeatForm] {
    let plain = HeatForm(ensemble.series(channel: ledger.heat(bath)))
    guard let innovation = innovation(bath) else { return [plain] }
    return [plain, HeatForm(plain.series, controls: [innovation])]
  }
}

extension HeatForm {
  /// The mean of several passages of one current, with their differences from it as controls.
  fileprivate init(passages: [ReplicaSeries]) {
    let combined = Self.mean(passages)
    self.init(
      combined,
      controls: passages.dropLast().map { passage in
        var difference = passage
        difference.add(combined, times: -1)
        return difference
      })
  }

  fileprivate static func mean(_ series: [ReplicaSeries]) -> ReplicaSeries {
    var sum = series[0]
    for other in series.dropFirst() { sum.add(other) }
    sum.scale(by: 1 / Double(series.count))
    return sum
  }
}
