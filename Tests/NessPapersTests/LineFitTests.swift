import NessPapers
import Testing

@Suite struct LineFitTests {
  /// y = 1, 3, 4 at x = 0, 1, 2 with errors 1, 1, 1: by hand, determinant 3·5 - 3² = 6, slope (3·11 - 3·8)/6 = 3/2,
  /// intercept (5·8 - 3·11)/6 = 7/6, residuals -1/6, 1/3, -1/6.
  @Test func equalErrors() throws {
    let fit = try #require(LineFit([(0, 1, 1), (1, 3, 1), (2, 4, 1)]))
    #expect(abs(fit.slope - 1.5) < 1e-14)
    #expect(abs(fit.intercept - 7.0 / 6) < 1e-14)
    #expect(abs(fit.slopeError - 0.5.squareRoot()) < 1e-14)
    #expect(abs(fit.interceptError - (5.0 / 6).squareRoot()) < 1e-14)
    #expect(abs(fit.chiSquared - 1.0 / 6) < 1e-14)
    #expect(fit.degreesOfFreedom == 1)
  }

  /// The middle point with error 1/2 counts four times: w = 6, wx = 6, wy = 17, wxx = 8, wxy = 20, determinant 12.
  @Test func unequalErrors() throws {
    let fit = try #require(LineFit([(0, 1, 1), (1, 3, 0.5), (2, 4, 1)]))
    #expect(abs(fit.slope - 1.5) < 1e-14)
    #expect(abs(fit.intercept - 4.0 / 3) < 1e-14)
    #expect(abs(fit.slopeError - 0.5.squareRoot()) < 1e-14)
    #expect(abs(fit.interceptError - (2.0 / 3).squareRoot()) < 1e-14)
    #expect(abs(fit.chiSquared - (1.0 / 9 + 4.0 / 36 + 1.0 / 9)) < 1e-14)
  }

  @Test func twoPointsAreMetAndFewerAreNoLine() throws {
    let fit = try #require(LineFit([(1, 2, 0.1), (3, -4, 0.2)]))
    #expect(abs(fit.slope + 3) < 1e-12 && abs(fit.intercept - 5) < 1e-12)
    #expect(fit.chiSquared < 1e-20 && fit.degreesOfFreedom == 0 && fit.pValue == 1)
    #expect(LineFit([(1, 2, 0.1)]) == nil)
    #expect(LineFit([]) == nil)
    #expect(LineFit([(1, 2, 0.1), (1, 3, 0.1)]) == nil)
  }
}
