/// What a step h may change of a number that holds an amplitude of the motion so many times, as a share of the number, generously:
/// amplitudes by (w h)²/8, phases by w t (w h)²/24.
///
/// - Parameters:
///   - power: how many times.
///   - frequency: the highest angular frequency w [1/time].
///   - timeStep: h [time].
///   - time: t, for which phases have run [time].
func shareOfTheStep(power: Double, frequency: Double, timeStep: Double, time: Double) -> Double {
  let phase = frequency * timeStep
  return power * phase * phase * (1.0 / 8 + frequency * time / 24)
}
