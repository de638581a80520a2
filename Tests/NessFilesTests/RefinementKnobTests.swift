import NessFiles
import NessModel
import Testing

/// A bath whose temperature is no parameter: it follows from the rate and the size of kicks.
private struct KickedBath: LinearBath, StochasticBath {
  static let kind = KindDescription("kicked", title: "Kicked", meaning: "for tests")
  static let parameters: [Parameter<KickedBath>] = [
    Parameter(
      "kick", "a", \.kick, dimension: "momentum", range: .positive, usual: 0.1...10, isRequired: true, meaning: "a kick"
    )
  ]
  static let example = KickedBath()
  var kick = 1.0
  var temperature: Double { kick * kick }
  var isEliminatedExactly: Bool { true }
  var isGaussian: Bool { false }
  var stiffnessShift: Double { 0 }
  var frictionKernel: FrictionKernel { FrictionKernel(instantaneous: 1) }
  var stochasticLaw: StochasticLaw { .ornsteinUhlenbeck(friction: 1, temperature: temperature) }

  func at(temperature: Double) -> KickedBath { KickedBath(kick: temperature.squareRoot()) }
  func strengthened(by factor: Double) -> KickedBath { self }
}

@Suite("What the maximum of the current can be refined along")
struct RefinementKnobTests {
  private static let langevin = AnyBath(LangevinBath(temperature: 2, friction: 1))
  private static let kicked = AnyBath(KickedBath())

  private static func faults(_ baths: [AnyBath], along parameter: String) -> [FileFault] {
    let axis = SweepAxis(parameter, values: [1, 2, 3], refinement: SweepRefinement(.maximum))
    let contacts = zip(["left", "right", "middle"], baths).map { name, bath in
      Contact(name, site: name == "middle" ? 2 : nil, bath)
    }
    do throws(ExperimentError) {
      let chain = AnyMedium(Chain(sites: 4, pinning: .init(left: 1, right: 1)))
      _ = try Experiment(medium: chain, contacts: contacts, sweep: .single(axis))
      return []
    } catch {
      return error.faults
    }
  }

  @Test("a temperature that can be set, of two baths; a refusal names those that there are")
  func knobs() {
    for baths in [[Self.langevin, Self.langevin], [Self.langevin, Self.kicked], [Self.kicked, Self.kicked]] {
      let settable = zip(["left", "right"], baths).filter { $0.1 == Self.langevin }.map { "baths.\($0.0).temperature" }
      for knob in settable { #expect(Self.faults(baths, along: knob) == [], "\(knob)") }
      let expected = Self.faults(baths, along: "medium.mass").map(\.expected).joined()
      for knob in ["baths.left.temperature", "baths.right.temperature"] {
        #expect(expected.contains(knob) == settable.contains(knob), "\(expected)")
      }
      #expect(!expected.isEmpty)
    }
    // What is no parameter is told as such.
    #expect(!Self.faults([Self.langevin, Self.kicked], along: "baths.right.temperature").isEmpty)
  }

  @Test("two baths, between which there is one current")
  func baths() {
    let three = Self.faults([Self.langevin, Self.langevin, Self.langevin], along: "baths.left.temperature")
    #expect(three.map(\.key) == ["sweep.refine"] && three.first?.found == "a model of 3 baths")
  }
}
