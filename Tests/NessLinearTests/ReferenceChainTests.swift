import Foundation
import NessLinear
import NessModel
import NessStatistics
import Testing

/// Bounds are promises: a thousand chains with parameters over twelve decades and more against hundreds of digits.
@Suite struct ReferenceChainTests {
  /// One line of `Tests/Reference/chains.txt`, which `Scripts/reference-chains/reference.py` writes.
  struct Reference: Sendable {
    let line: Int
    let model: ChainModel
    let heats: [Method: [Double]]
    let kineticTemperatures: [Double]

    /// Nil if the line is a comment.
    init?(_ line: Int, _ text: Substring) throws {
      if text.hasPrefix("#") { return nil }
      let parts = text.split(separator: "|").map { $0.split(separator: " ") }
      func numbers(_ part: Int) throws -> [Double] {
        try parts[part].filter { $0 != "-" }.map { try #require(Double($0)) }
      }
      self.line = line
      model = try Self.model(parts[0])
      heats = [.markov: try numbers(1), .memory: try numbers(2)]
      kineticTemperatures = try numbers(3)
    }

    /// The chain of a line: mass spring pinning pinning sites baths, then the baths.
    static func model(_ fields: [Substring]) throws -> ChainModel {
      var rest = fields[...]
      func next() throws -> Double { try #require(rest.popFirst().flatMap { Double($0) }) }
      let (mass, spring, left, right) = (try next(), try next(), try next(), try next())
      let (sites, count) = (Int(try next()), Int(try next()))
      let attachments = try (0..<count).map { index in
        let site = Int(try next())
        let isLangevin = rest.popFirst() == "L"
        let temperature = try next()
        let bath: ChainBath =
          isLangevin
          ? .init(LangevinBath(temperature: temperature, friction: try next()))
          : .init(
            ParticleBath(
              temperature: temperature, count: Int(try next()), friction: try next(), coupling: try next(),
              strength: try next(), sharpness: try next(), ringLength: try next()))
        return ChainModel.Attachment(name: "bath\(index)", site: site, bath: bath)
      }
      return try Model(
        medium: Chain(sites: sites, mass: mass, springConstant: spring, pinning: .init(left: left, right: right)),
        attachments: attachments)
    }
  }

  static func references() throws -> [Reference] {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Reference/chains.txt")
    let text = try String(contentsOf: file, encoding: .utf8)
    return try text.split(separator: "\n").enumerated().compactMap { try Reference($0.offset + 1, $0.element) }
  }

  /// How many bounds an answer breaks; with `share`, those of bounds that are smaller by that factor.
  private func broken(_ estimates: [Estimate], _ exact: [Double], share: Double = 1) -> Int {
    zip(estimates, exact).count { abs($0.value - $1) > share * $0.error + .leastNonzeroMagnitude }
  }

  @Test func boundsHoldForAThousandChains() throws {
    var (checked, sharp, tooSmall, relative) = (0, 0, 0, [Double]())
    for reference in try Self.references() {
      let withProfile = !reference.kineticTemperatures.isEmpty
      let answer = try LinearSolver().answer(
        withProfile ? .usual : .cheap, of: reference.model, by: [.markov, .memory])
      for method in [Method.markov, .memory] {
        guard let exact = reference.heats[method], !exact.isEmpty else { continue }
        let found = try reference.model.attachments.map {
          try #require(answer.estimate(.heat(from: $0.name), by: method), "line \(reference.line)")
        }
        #expect(broken(found, exact) == 0, "line \(reference.line), \(method.rawValue): \(found) for \(exact)")
        checked += found.count
        tooSmall += broken(found, exact, share: 1e-6)
        for (estimate, exact) in zip(found, exact) where exact != 0 {
          relative.append(estimate.error / abs(exact))
          if estimate.error < 1e-8 * abs(exact) { sharp += 1 }
        }
      }
      if !withProfile { continue }
      let temperatures = try reference.kineticTemperatures.indices.map {
        try #require(answer.estimate(.kineticTemperature(site: $0 + 1), by: .markov), "line \(reference.line)")
      }
      #expect(broken(temperatures, reference.kineticTemperatures) == 0, "line \(reference.line)")
      checked += temperatures.count
    }
    #expect(checked > 3000)
    // Bounds that say nothing hold as well: nearly all are sharp, and they are not so wide that none could fail.
    #expect(Double(sharp) > 0.95 * Double(relative.count), "\(sharp) of \(relative.count)")
    #expect(tooSmall > 100)
  }
}

/// Results do not know the units of a file: powers of two in mass, length and time change exponents and nothing else.
@Suite struct LinearUnitTests {
  /// A model in units of mass, length and time that are smaller by 2 to these powers.
  private func rescaled(_ model: ChainModel, mass: Int, length: Int, time: Int) throws -> ChainModel {
    func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
    let energy = power(mass + 2 * length - 2 * time)
    var medium = model.medium
    medium.mass *= power(mass)
    medium.springConstant *= power(mass - 2 * time)
    medium.pinning.left *= power(mass - 2 * time)
    medium.pinning.right *= power(mass - 2 * time)
    let attachments = try model.attachments.map { attachment -> ChainModel.Attachment in
      let bath: ChainBath
      switch attachment.bath.stochasticLaw {
      case .ornsteinUhlenbeck(let friction, let temperature):
        bath = .init(LangevinBath(temperature: temperature * energy, friction: friction * power(mass - time)))
      case .ringParticles(let law):
        // F has no unit of its own: the coupling takes all of it.
        bath = .init(
          ParticleBath(
            temperature: law.temperature * energy, count: law.count, friction: law.friction * power(mass - time),
            coupling: law.coupling * energy * power(-length), strength: law.strength, sharpness: law.sharpness,
            ringLength: law.ringLength * power(length)))
      case .collisions, .memory, .active: throw ModelError(faults: [])
      }
      return .init(name: attachment.name, site: attachment.site, bath: bath)
    }
    return try Model(medium: medium, attachments: attachments)
  }

  /// Exponents of the unit of a quantity, from those of mass, length and time.
  private func exponent(_ quantity: Quantity, mass: Int, length: Int, time: Int) throws -> Int {
    switch quantity.dimension {
    case "energy": mass + 2 * length - 2 * time
    case "energy/time": mass + 2 * length - 3 * time
    case "mass/time": mass - time
    case "1/time": -time
    case "mass/time^2": mass - 2 * time
    default: try #require(nil as Int?, "no exponent for \(quantity)")
    }
  }

  @Test(arguments: [(0, 0, -40), (-86, 30, 0), (13, -33, 40), (-60, -30, -50)])
  func sameBitsInAllUnits(mass: Int, length: Int, time: Int) throws {
    let references = try ReferenceChainTests.references().filter { $0.line % 25 == 0 }.map(\.model)
    for model in try references + HeatLawTests.networks() {
      let questions = model.medium.sites <= 16 ? Questions.usual : .cheap
      let other = try rescaled(model, mass: mass, length: length, time: time)
      let (one, two) = (
        try LinearSolver().answer(questions, of: model), try LinearSolver().answer(questions, of: other)
      )
      #expect(!one.entries.isEmpty && one.entries.count == two.entries.count && one.notes == two.notes)
      for (entry, scaled) in zip(one.entries.members, two.entries.members) {
        let power = try exponent(entry.quantity, mass: mass, length: length, time: time)
        let unit = Double(sign: .plus, exponent: power, significand: 1)
        #expect(entry.quantity == scaled.quantity && entry.method == scaled.method)
        #expect(entry.estimate.value * unit == scaled.estimate.value, "\(entry.quantity) \(model)")
        #expect(entry.estimate.error * unit == scaled.estimate.error, "\(entry.quantity) \(model)")
      }
      let rate = try? slowestRelaxationRate(of: model)
      let unit = Double(sign: .plus, exponent: -time, significand: 1)
      #expect((try? slowestRelaxationRate(of: other)) == rate.map { $0 * unit })
    }
  }
}
