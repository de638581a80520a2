/// A motion as innovations read it before its next step, whose noise is drawn.
protocol ForeseenMotion: AnyObject {
  /// q of every site [length].
  var displacement: UnsafeMutablePointer<SIMD8<Double>> { get }
  /// v of every site [length/time].
  var velocity: UnsafeMutablePointer<SIMD8<Double>> { get }
  /// Running sums over the steps.
  var sums: UnsafeMutablePointer<SIMD8<Double>> { get }
  /// Where those of the innovations are.
  var innovationChannels: InnovationChannels { get }
  /// Positions of the particles of one bath, counted among the particle baths.
  func positions(ofParticleBath index: Int) -> UnsafePointer<SIMD8<Double>>
  /// The noise that was drawn for the particles of one bath.
  func nextNoise(ofParticleBath index: Int) -> UnsafePointer<SIMD8<Double>>
  /// The forces that have a state of their own [force].
  var forceStates: UnsafePointer<SIMD8<Double>> { get }
  /// What drives them in the two halves of the next step, and behind it of those that were drawn with it; twice `momentumNoiseStride` apart.
  var nextForceNoise: UnsafePointer<SIMD8<Double>> { get }
  /// Steps done.
  var step: Int { get }
  /// Draws the noise of the next step, and of those whose noise on momenta and forces is drawn with it.
  func drawNext()
  func advance(steps count: Int)
  /// What every sub-step on a momentum draws in the next step, `momentumNoiseStride` apart.
  var nextMomentumNoise: UnsafePointer<SIMD8<Double>> { get }
  var momentumNoiseStride: Int { get }
}

/// Where the running sums of the followed heats are, behind those of the motion.
package struct InnovationChannels: Sendable {
  static let ofAHeat = 4

  let start: Int

  /// Innovation of a followed heat by the noise of the particles and of forces that have a state.
  package func forces(_ heat: Int) -> Int { start + Self.ofAHeat * heat }
  /// Innovation of a followed heat by the noise on the momenta.
  package func momenta(_ heat: Int) -> Int { start + Self.ofAHeat * heat + 1 }
  /// Change of the forecast of a followed heat.
  func forecastChange(_ heat: Int) -> Int { start + Self.ofAHeat * heat + 2 }
  /// Change of the square of the displacement of the site where a followed heat comes in.
  func squareChange(_ heat: Int) -> Int { start + Self.ofAHeat * heat + 3 }
}
