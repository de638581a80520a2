/// Why energies and heat currents are too large or too small for a simulation; nil if they are not.
///
/// Error bars are made of squares, and those of numbers beyond these limits leave the range of doubles. Theories have no
/// squares and answer there.
///
/// - Parameters:
///   - energy: the hottest temperature [energy].
///   - rate: the fastest rate at which energy moves [1/time].
package func rangeReason(energy: Double, rate: Double) -> String? {
  let power = energy * rate
  let range = 1e-140...1e140
  if energy == 0 || range.contains(energy) && (rate == 0 || range.contains(power)) { return nil }
  return
    "temperatures of \(energy.short) and heat currents of up to \(power.short) have squares beyond the range of numbers, "
    + "so there would be no error bars (from 1e-140 to 1e140 there are): express masses, lengths and times in other units, "
    + "which changes no result"
}
