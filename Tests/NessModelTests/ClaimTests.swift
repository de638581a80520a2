import NessModel
import NessStatistics
import Testing

/// Which answer is believed first: decided in one place, from what each claims to be.
@Suite struct ClaimTests {
  private static func claim(_ method: Method, _ validity: Claim.Validity) -> MethodClaim {
    MethodClaim(method, Claim(validity, "\(method)"))
  }

  private static func entry(_ method: Method, _ validity: Claim.Validity?) -> Answer.Entry {
    .init(.heatCurrent, method, .numerical(1, bound: 0), claim: validity.map { Claim($0, "\(method)") })
  }

  @Test func everyMethodHasWordsAndAPlaceOfItsOwn() {
    let methods = Method.allCases
    #expect(Set(methods.map(\.rank)).count == methods.count && Set(methods.map(\.legend)).count == methods.count)
    #expect(Set(methods.map(\.words)).count == methods.count && methods.allSatisfy { !$0.words.isEmpty })
    #expect(methods.min { $0.rank < $1.rank } == .simulation && methods.max { $0.rank < $1.rank } == .printed)
  }

  /// Nothing that was written down without a claim is called exact.
  @Test func anUnknownClaimIsNeverExact() {
    for method in Method.allCases {
      let claim = Self.entry(method, nil).claim
      #expect(claim == .unstated(method) && !claim.isExact && !claim.words.isEmpty)
      #expect((claim.validity == .sampled) == (method == .simulation))
      #expect(!claim.isTheory == [.simulation, .printed].contains(method))
    }
  }

  /// An exact one goes before an approximation of better rank, and a formula as printed is never the best.
  @Test func theBestTheory() {
    let claims = [
      Self.claim(.printed, .printed), Self.claim(.memory, .approximation), Self.claim(.markov, .exact),
      Self.claim(.simulation, .sampled), Self.claim(.asymptotic, .approximation),
    ]
    #expect(claims.rankedMethods() == [.simulation, .markov, .memory, .asymptotic, .printed])
    #expect(claims.bestTheory() == .markov && claims.ranked().map(\.method) == claims.rankedMethods())
    #expect(claims.filter { $0.method != .markov }.bestTheory() == .memory)
    #expect([claims[0], claims[3]].bestTheory() == nil && [MethodClaim]().bestTheory() == nil)
    let entries = [Self.entry(.memory, .approximation), Self.entry(.markov, .exact), Self.entry(.simulation, nil)]
    #expect(entries.bestTheory()?.method == .markov && entries.dropFirst(2).bestTheory() == nil)
    #expect([Self.entry(.local, nil), Self.entry(.davies, nil)].bestTheory()?.method == .davies)
  }

  /// What is exact at some points of a sweep alone is no better than an approximation for the whole of it.
  @Test func theWeakestClaimOfSeveralCounts() {
    let claims = [
      Self.claim(.markov, .exact), Self.claim(.markov, .approximation), Self.claim(.memory, .approximation),
    ]
    #expect(claims.rankedMethods() == [.memory, .markov] && claims.bestTheory() == .memory)
    #expect(claims.weakest().count == 2 && claims.weakest().allSatisfy { !$0.claim.isExact })
  }

  @Test func claimsOfEntriesAreToldOnce() {
    let entries = [
      Self.entry(.markov, .approximation), Self.entry(.markov, .exact), Self.entry(.markov, .exact),
      Self.entry(.markov, nil), Self.entry(.simulation, nil),
    ]
    let claims = entries.claims()
    #expect(claims.map(\.method) == [.simulation, .markov, .markov])
    #expect(claims.map(\.claim.validity) == [.sampled, .exact, .approximation])
    #expect(claims[2].claim.words == "markov" && claims[0].claim == .unstated(.simulation))
    #expect(Claim(.exact, "finite chain").sentence == "exact (finite chain)")
    #expect(Claim(.sampled, "full dynamics").sentence == "full dynamics")
  }

  /// A solver's last word holds for every entry.
  @Test func finishing() {
    var answer = Answer(entries: [Self.entry(.markov, nil), Self.entry(.memory, nil)])
    answer.finish { Claim($0 == .markov ? .exact : .approximation, "as the solver says") }
    #expect(answer.entries.map(\.claim.validity) == [.exact, .approximation])
    #expect(answer.entries.allSatisfy { $0.claim.words == "as the solver says" })
  }
}

/// Numbers with errors for a reader, at any scale.
@Suite struct UncertainTextTests {
  @Test func digitsThatTheErrorLeaves() {
    #expect(41.3.text(error: 2.2) == "41 ± 2")
    #expect(3.1694.text(error: 0.12) == "3.17 ± 0.12")
    #expect(20.55512.text(error: 0.00031) == "20.5551 ± 0.0003")
    #expect(1234.0.text(error: 96) == "1230 ± 100")
    #expect(0.0.text(error: 0.02) == "0.00 ± 0.02")
    #expect(2.0.text(error: 0) == "2" && 2.0.text(error: .infinity) == "2")
  }

  /// The same digits in every unit: nothing is rounded to zero, however small.
  @Test(arguments: [-280, -30, -15, -5, 6, 20, 40, 290]) func scaleFree(power: Int) throws {
    let unit = Double("1e\(power)") ?? 1
    for (value, error) in [(2.31, 0.12), (4.0, 0.0003), (9.99, 0.5), (0.2, 1.0)] {
      let text = (value * unit).text(error: error * unit)
      #expect(text.hasPrefix("(") && text.contains(")e"), "\(text)")
      let parts = text.dropFirst().split(separator: ")e")
      let scale = try #require(Double("1e\(parts[1])"))
      let numbers = parts[0].split(separator: " ± ").compactMap { Double($0) }
      try #require(numbers.count == 2)
      #expect(abs(numbers[0] * scale - value * unit) <= 0.51 * error * unit, "\(text)")
      #expect(numbers[1] > 0 && abs(numbers[1] * scale / (error * unit) - 1) < 0.3, "\(text)")
    }
  }
}
