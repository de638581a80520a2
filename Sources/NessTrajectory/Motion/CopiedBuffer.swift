extension UnsafeMutableBufferPointer {
  /// A copy of an array whose elements are neither counted nor checked while they are used; its base is never nil. Whoever takes it
  /// deallocates it.
  static func copy(of elements: [Element]) -> Self {
    let copy = allocate(capacity: elements.count)
    _ = copy.initialize(from: elements)
    return copy
  }
}

extension UnsafePointer {
  /// The same where nobody asks how many there are.
  static func copy(of elements: [Pointee]) -> Self {
    Self(UnsafeMutableBufferPointer.copy(of: elements).baseAddress!)  // never nil
  }
}
