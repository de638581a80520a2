import NessMath

/// Displacement and bond strain of a solution that obeys the equations of motion on all sites passed so far.
struct Wave {
  private(set) var displacement = (real: Lanes(repeating: 1), imaginary: Lanes.zero)
  private(set) var strain = (real: Lanes.zero, imaginary: Lanes.zero)
  private(set) var exponent = SIMD16<Int64>.zero

  @inline(__always)
  mutating func kick(_ kick: (real: Lanes, imaginary: Lanes)) {
    let (u, v) = displacement
    strain.real = strain.real.addingProduct(kick.real, u).addingProduct(-kick.imaginary, v)
    strain.imaginary = strain.imaginary.addingProduct(kick.real, v).addingProduct(kick.imaginary, u)
  }

  /// Through a span; powers of two are taken out, so that nothing overflows over many stations.
  @inline(__always)
  mutating func propagate(_ matrix: (diagonal: Lanes, upper: Lanes, lower: Lanes)) {
    let (u, t) = (displacement, strain)
    displacement.real = (matrix.diagonal * u.real).addingProduct(matrix.upper, t.real)
    displacement.imaginary = (matrix.diagonal * u.imaginary).addingProduct(matrix.upper, t.imaginary)
    strain.real = (matrix.lower * u.real).addingProduct(matrix.diagonal, t.real)
    strain.imaginary = (matrix.lower * u.imaginary).addingProduct(matrix.diagonal, t.imaginary)
    rescale()
  }

  /// Over one bond; `rescale` takes powers of two out.
  @inline(__always)
  mutating func advance(rescale isDue: Bool) {
    displacement = (displacement.real + strain.real, displacement.imaginary + strain.imaginary)
    if isDue { rescale() }
  }

  /// Takes powers of two out.
  @inline(__always)
  private mutating func rescale() {
    let size =
      (displacement.real.magnitude + displacement.imaginary.magnitude)
      + (strain.real.magnitude + strain.imaginary.magnitude)
    let (power, inverse) = size.binaryExponent
    exponent &+= power
    displacement = (displacement.real * inverse, displacement.imaginary * inverse)
    strain = (strain.real * inverse, strain.imaginary * inverse)
  }

  var squaredDisplacement: Lanes {
    @inline(__always) get {
      (displacement.real * displacement.real).addingProduct(displacement.imaginary, displacement.imaginary)
    }
  }

  var squaredStrain: Lanes {
    @inline(__always) get { (strain.real * strain.real).addingProduct(strain.imaginary, strain.imaginary) }
  }
}
