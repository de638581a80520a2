/// Time left of a piece of work from the part that is done; nil while it is too early to tell.
///
/// - Parameters:
///   - elapsed: time since it began [s].
///   - fraction: part of the whole that is done, 0 to 1.
/// - Returns: time left [s].
package func secondsLeft(elapsed: Double, fraction: Double) -> Double? {
  elapsed > 1 && fraction > 0.005 ? elapsed * (1 - fraction) / fraction : nil
}
