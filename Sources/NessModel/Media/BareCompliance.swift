/// The static Green's function of the bare chain between any two sites: a row of springs between two pinnings.
package struct BareCompliance {
  private let chain: Chain

  /// Nil if the chain is not pinned, so that its static Green's function is infinite.
  package init?(_ chain: Chain) {
    guard chain.pinning.left > 0 || chain.pinning.right > 0 else { return nil }
    self.chain = chain
  }

  /// Displacement of `site` per force on `other` [time²/mass].
  package func between(_ site: Int, _ other: Int) -> Double {
    guard chain.sites > 1 else { return 1 / chain.pinning.left }
    let (near, far) = (min(site, other), max(site, other))
    // u grows from the left end, v from the right end; the Wronskian is the force needed at the last site.
    let left = 1 + chain.pinning.left / chain.springConstant * Double(near - 1)
    let right = 1 + chain.pinning.right / chain.springConstant * Double(chain.sites - far)
    let whole = 1 + chain.pinning.left / chain.springConstant * Double(chain.sites - 1)
    return left * right / (chain.pinning.left + chain.pinning.right * whole)
  }
}
