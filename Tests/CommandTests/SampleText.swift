/// Experiment files for the tests, as text.
enum SampleText {
  /// Cheap, with particles, a replica count that fills no SIMD group, and two points.
  static let small = """
    title: Small
    medium: {kind: chain, sites: 3, pinning: {left: 1.0, right: 0.5}}
    baths:
      left: {kind: particles, temperature: 8.0, count: 10, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {seed: 5, replicas: 21, duration: 400.0, burnIn: 100.0, timeStep: 0.02}
    sweep: {parameter: baths.left.temperature, values: [8.0, 12.0]}
    """

  /// A strong current, so that a wrong factor of two cannot hide.
  static let strong = """
    medium: {kind: chain, sites: 3, pinning: 1.0}
    baths:
      left: {kind: particles, temperature: 20.0, friction: 1.0, coupling: 0.2}
      right: {kind: langevin, temperature: 0.0, friction: 1.0}
    run: {seed: 2, duration: 200.0, burnIn: 50.0, timeStep: 0.05}
    """

  /// Many points of a fraction of a second each.
  static let long = """
    title: Long
    medium: {kind: chain, sites: 3, pinning: 1.0}
    baths:
      left: {kind: particles, temperature: 8.0, count: 10, friction: 0.1, coupling: 0.2}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {duration: 1500.0, burnIn: 20.0, timeStep: 0.02}
    """

  /// The particles push site 1 out of its place below a temperature of about 3.17.
  static let buckled = """
    medium: {kind: chain, sites: 3, pinning: 1.0}
    baths:
      left: {kind: particles, temperature: 1.0, count: 10, friction: 0.1, coupling: 0.6}
      right: {kind: langevin, temperature: 2.0, friction: 1.0}
    run: {duration: 40.0, burnIn: 20.0, timeStep: 0.01}
    """

  /// Faults of ten kinds.
  static let faulty = """
    titel: Faulty
    medium:
      kind: chain
      sites: 4
      mass: -1.0
      spring: .nan
      pinning: firm
    baths:
      left:
        kind: particles
        temperature: -5.0
        friction: 0.0
        coupling: 0.1
        count: 2.5
      right:
        kind: langvin
        temperature: 1.0
    run:
      targetError: 2.0
    sweep:
      parameter: baths.left.temprature
      values: [1.0, 2.0]
    """

  /// Place and key of every fault of `faulty`.
  static let faults = [
    "faulty.yaml:1:1: titel", "faulty.yaml:5:9: medium.mass", "faulty.yaml:6:11: medium.spring",
    "faulty.yaml:7:12: medium.pinning", "faulty.yaml:11:18: baths.left.temperature",
    "faulty.yaml:12:15: baths.left.friction", "faulty.yaml:14:12: baths.left.count",
    "faulty.yaml:15:3: baths.right.friction", "faulty.yaml:16:11: baths.right.kind",
    "faulty.yaml:19:16: run.targetError", "faulty.yaml:21:14: sweep.parameter",
  ]
}
