import Foundation
import NessLinear
import NessModel
import NessStatistics
import Testing

/// Bounds are promises: three hundred networks with parameters over many decades against hundreds of digits.
@Suite struct ReferenceNetworkTests {
  /// One line of `Tests/Reference/networks.txt`, which `Scripts/reference-networks/reference.py` writes.
  struct Reference: Sendable {
    let line: Int
    let network: HarmonicNetwork
    let heats: [Double]
    let temperatures: [Double]
    let bonds: [Double]

    /// Nil if the line is a comment.
    init?(_ line: Int, _ text: Substring) throws {
      if text.hasPrefix("#") { return nil }
      let parts = try text.split(separator: "|").map { part in
        try part.split(separator: " ").map { try #require(Double($0)) }
      }
      self.line = line
      let bonds = stride(from: 0, to: parts[1].count, by: 3).map { start in
        HarmonicNetwork.Bond(
          Int(parts[1][start]), Int(parts[1][start + 1]), stiffness: parts[1][start + 2])
      }
      var (contacts, rest) = ([HarmonicNetwork.Contact](), parts[3][...])
      while let site = rest.popFirst() {
        let (temperature, friction) = (rest.removeFirst(), rest.removeFirst())
        let terms = (0..<Int(rest.removeFirst())).map { _ in
          FrictionKernel.Term(amplitude: rest.removeFirst(), rate: rest.removeFirst())
        }
        contacts.append(
          .init(
            name: "bath\(contacts.count)", site: Int(site), temperature: temperature,
            friction: .init(instantaneous: friction, terms: terms)))
      }
      network = HarmonicNetwork(masses: parts[0], bonds: bonds, siteStiffness: parts[2], contacts: contacts)
      (heats, temperatures, self.bonds) = (parts[4], parts[5], parts.count > 6 ? parts[6] : [])
    }
  }

  static func references() throws -> [Reference] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/networks.txt")
    let text = try String(contentsOf: file, encoding: .utf8)
    return try text.split(separator: "\n").enumerated().compactMap { try Reference($0.offset + 1, $0.element) }
  }

  /// How often bounds were looked at, how often they are sharp, and how often a ten thousandth of them would be broken.
  private struct Tally {
    var (checked, tooSmall, sharp) = (0, 0, 0)

    mutating func add(_ estimates: [Estimate], _ exact: [Double], _ place: String) {
      #expect(estimates.count == exact.count)
      for (index, (estimate, exact)) in zip(estimates, exact).enumerated() {
        let off = abs(estimate.value - exact)
        #expect(off <= estimate.error + .leastNormalMagnitude, "\(place) \(index): \(estimate) for \(exact)")
        if off > 1e-4 * estimate.error { tooSmall += 1 }
        checked += 1
        if estimate.error < 1e-8 * abs(exact) { sharp += 1 }
      }
    }
  }

  @Test func boundsHoldForThreeHundredNetworks() throws {
    var (heats, temperatures, bonds) = (Tally(), Tally(), Tally())
    for reference in try Self.references() {
      let heat = try NetworkHeat(reference.network)
      heats.add(heat.currents, reference.heats, "line \(reference.line), heat")
      if heat.darkReason != nil { continue }
      let profile = try NetworkProfile(reference.network, heat)
      temperatures.add(profile.temperatures, reference.temperatures, "line \(reference.line), temperature")
      bonds.add(profile.bondCurrents, reference.bonds, "line \(reference.line), bond")
    }
    // Bounds that say nothing hold as well: nearly all are sharp, and they are not so wide that none could fail.
    #expect(heats.checked > 800 && temperatures.checked > 900 && bonds.checked > 800)
    #expect(Double(heats.sharp) > 0.93 * Double(heats.checked), "\(heats)")
    #expect(Double(temperatures.sharp) > 0.88 * Double(temperatures.checked), "\(temperatures)")
    #expect(heats.tooSmall > 300 && temperatures.tooSmall > 200 && bonds.tooSmall > 30, "\(bonds)")
  }

  /// The thousand chains of the other table, as networks: with and without memory, softened by particles, over more decades.
  @Test func boundsHoldForAThousandChains() throws {
    var (heats, temperatures) = (Tally(), Tally())
    for reference in try ReferenceChainTests.references() {
      for method in [Method.markov, .memory] {
        guard let exact = reference.heats[method], !exact.isEmpty else { continue }
        let network = try HarmonicNetwork(reference.model, withMemory: method == .memory)
        let place = "line \(reference.line), \(method.rawValue)"
        let heat = try NetworkHeat(network)
        heats.add(heat.currents, exact, "\(place), heat")
        guard method == .markov, !reference.kineticTemperatures.isEmpty, heat.darkReason == nil else { continue }
        let profile = try NetworkProfile(network, heat)
        temperatures.add(profile.temperatures, reference.kineticTemperatures, "\(place), temperature")
      }
    }
    #expect(heats.checked > 2000 && temperatures.checked > 300)
    #expect(Double(heats.sharp) > 0.8 * Double(heats.checked) && heats.tooSmall > 500, "\(heats)")
    #expect(Double(temperatures.sharp) > 0.85 * Double(temperatures.checked), "\(temperatures)")
  }
}

extension HarmonicNetwork {
  /// A chain as a network.
  init(_ model: ChainModel, withMemory: Bool) throws {
    let chain = model.medium
    self.init(
      masses: [Double](repeating: chain.mass, count: chain.sites),
      bonds: (1..<max(1, chain.sites)).map { .init($0 - 1, $0, stiffness: chain.springConstant) },
      siteStiffness: (1...chain.sites).map { chain.pinning(ofSite: $0) },
      contacts: model.attachments.map { attachment in
        let law = attachment.bath.linear
        return .init(
          name: attachment.name, site: attachment.site - 1, temperature: law.temperature, friction: law.frictionKernel,
          stiffnessShift: law.stiffnessShift, withMemory: withMemory)
      })
  }
}
