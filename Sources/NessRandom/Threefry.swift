/// The Threefry-2x64 block function with 20 rounds: a keyed bijection of 128 bits whose outputs for different
/// counters or keys are statistically independent. Ness uses it to turn the *name* of a random stream into its state.
///
/// - Parameters:
///   - key: two words.
///   - counter: two words.
/// - Returns: two random words.
/// - Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011).
/// - Checked by: the authors' known-answer vectors (ThreefryTests).
package func threefry(key: (UInt64, UInt64), counter: (UInt64, UInt64)) -> (UInt64, UInt64) {
  let rotations: [UInt64] = [16, 42, 12, 31, 16, 32, 24, 21]
  let keys = [key.0, key.1, 0x1BD1_1BDA_A9FC_1A22 ^ key.0 ^ key.1]
  var x = counter.0 &+ keys[0]
  var y = counter.1 &+ keys[1]
  for round in 0..<20 {
    x = x &+ y
    let rotation = rotations[round % 8]
    y = ((y << rotation) | (y >> (64 - rotation))) ^ x
    if round % 4 == 3 {
      let injection = round / 4 + 1
      x = x &+ keys[injection % 3]
      y = y &+ keys[(injection + 1) % 3] &+ UInt64(injection)
    }
  }
  return (x, y)
}
