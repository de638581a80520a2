/// A word of a command as a shell reads it: as it is where that is safe, else in quotes.
package func shellQuoted(_ word: String) -> String {
  let isSafe = !word.isEmpty && word.utf8.allSatisfy { safeInShell.contains($0) }
  return isSafe ? word : "'\(word.replacing("'", with: "'\\''"))'"
}

private let safeInShell = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=@%+,".utf8)

/// A command for the user to copy: every word as the shell reads it.
package func shellCommand(_ words: [String]) -> String { words.map(shellQuoted).joined(separator: " ") }
