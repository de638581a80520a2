import HTTPTypes

/// A secret in the address that `ness serve` prints: on a machine with several users everybody can reach its ports, but only
/// who started the server knows this.
package struct AccessToken: Sendable {
  /// The secret: 64 hexadecimal digits.
  package let text: String

  /// A new secret.
  package init() {
    var generator = SystemRandomNumberGenerator()
    text = (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Whether a text is the secret; takes as long for every text of the same length.
  func isEqual(to other: some StringProtocol) -> Bool {
    let (mine, its) = (Array(text.utf8), Array(other.utf8))
    guard mine.count == its.count else { return false }
    return zip(mine, its).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }

  /// Whether a request carries the secret: as `Authorization: Bearer`, as a cookie of that name, or in the address.
  func isCarried(by head: HTTPRequest, cookie name: String, query: String?) -> Bool {
    if let query, isEqual(to: query) { return true }
    if let field = head.headerFields[.authorization] {
      let words = field.split(separator: " ")
      if words.count == 2, ["bearer", "token"].contains(words[0].lowercased()), isEqual(to: words[1]) { return true }
    }
    for field in head.headerFields[values: .cookie] {
      for part in field.split(separator: ";") {
        let pair = part.split(separator: "=", maxSplits: 1)
        if pair.count == 2, pair[0].drop(while: { $0 == " " }) == name, isEqual(to: pair[1]) { return true }
      }
    }
    return false
  }
}
