/// What is wrong with a formula, and where.
package struct FormulaFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// The first character that it is about, from 0; the length of the text if something is missing at its end.
  package let position: Int
  /// How many characters it is about; 0 if something is missing.
  package let length: Int
  /// What was found, in words.
  package let found: String
  /// What would be acceptable, in words.
  package let expected: String
  /// What to do about it, if that is not plain from `expected`.
  package let remedy: String?

  /// `character 5: found **, expected an operator (write ^)`, characters counted from 1.
  package var description: String {
    "character \(position + 1): found \(found), expected \(expected)" + (remedy.map { " (\($0))" } ?? "")
  }
}
