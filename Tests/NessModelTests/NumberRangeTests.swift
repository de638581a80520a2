import NessModel
import Testing

/// Which energies a simulation can have error bars for.
@Suite struct NumberRangeTests {
  @Test(arguments: [(1.0, 1.0), (1e130, 1e-20), (1e-130, 1e10), (0, 1), (3, 0), (1e-100, 1e-30)])
  func isWithin(energy: Double, rate: Double) {
    #expect(rangeReason(energy: energy, rate: rate) == nil)
  }

  /// By the energy itself, or by the current, which is far from both its factors' limits.
  @Test(arguments: [(1e170, 1.0), (1e-170, 1), (1e100, 1e60), (1e-100, 1e-60), (.infinity, 1), (.nan, 1)])
  func isBeyond(energy: Double, rate: Double) throws {
    let reason = try #require(rangeReason(energy: energy, rate: rate))
    #expect(reason.contains("other units"))
  }
}
