import NessMath
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct QuadratureTests {
  /// Gauss-Legendre integrates x^j exactly up to degree 2n - 1, and not beyond.
  @Test(arguments: [1, 2, 5, 16, 65])
  func gaussLegendreMoments(count: Int) {
    let rule = gaussLegendre(count)
    func moment(_ power: Int) -> Double {
      zip(rule.nodes, rule.weights).reduce(0) { $0 + $1.1 * pow($1.0, Double(power)) }
    }
    for power in [0, 2 * count - 2] {
      #expect(abs(moment(power) - 2 / Double(power + 1)) < 1e-14)
    }
    #expect(abs(moment(2 * count - 1)) < 1e-14)
    if count < 6 { #expect(abs(moment(2 * count) - 2 / Double(2 * count + 1)) > 1e-6) }
  }

  /// The Kronrod rule is exact to degree 23, its Gauss rule to degree 13.
  @Test func kronrodMoments() {
    var kronrod = 0.0
    var gauss = 0.0
    for lane in 0..<16 {
      kronrod += GaussKronrod15.weights[lane] * pow(GaussKronrod15.nodes[lane], 22)
      gauss += GaussKronrod15.gaussWeights[lane] * pow(GaussKronrod15.nodes[lane], 12)
    }
    #expect(abs(kronrod - 2.0 / 23) < 1e-15)
    #expect(abs(gauss - 2.0 / 13) < 1e-15)
  }

  /// int_{-1}^{1} w/pi / ((x - a)² + w²) = (atan((1-a)/w) + atan((1+a)/w)) / pi.
  @Test(arguments: [1, 0.1, 1e-3, 1e-6])
  func lorentzian(width: Double) throws {
    let center = 0.123456
    let integral = try AdaptiveQuadrature().integrate(breakpoints: [-1, 0, 1]) { x in
      width / Double.pi / ((x - center) * (x - center) + width * width)
    }
    let exact = (atan((1 - center) / width) + atan((1 + center) / width)) / Double.pi
    #expect(abs(integral.value - exact) <= integral.errorBound)
    #expect(integral.errorBound < 1e-9 * exact)
  }

  /// A kink converges slowly but the bound stays honest.
  @Test func squareRootSingularity() throws {
    let integral = try AdaptiveQuadrature().integrate(breakpoints: [0, 1]) { $0.squareRoot() }
    #expect(abs(integral.value - 2.0 / 3) <= integral.errorBound)
    #expect(integral.errorBound < 1e-9)
  }

  @Test func refusesInfiniteIntegrand() {
    #expect(throws: QuadratureError.self) { try AdaptiveQuadrature().integrate(breakpoints: [-1, 1]) { 1 / $0 } }
    let small = AdaptiveQuadrature(maximumPanels: 50)
    #expect(throws: QuadratureError.self) { try small.integrate(breakpoints: [0, 1]) { 1 / $0 } }
  }

  /// Mean over the circle of exp(x cos) is I_0(x).
  @Test(arguments: [0.1, 3, 60])
  func trapezoid(x: Double) throws {
    let integral = try periodicTrapezoid(period: 2 * Double.pi) { exp(x * (cos($0) - 1)) }
    let exact = 2 * Double.pi * scaledBesselI(upTo: 0, x)[0]
    #expect(abs(integral.value - exact) <= integral.errorBound + 2e-14 * exact)
  }

  @Test func refusesRoughPeriodicFunction() {
    #expect(throws: QuadratureError.self) { try periodicTrapezoid(period: 2) { abs(sin(Double.pi * $0 + 1)) } }
  }
}
