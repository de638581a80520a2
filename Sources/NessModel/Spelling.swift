import NessFormula

/// The candidate that a misspelt word probably means; nil if none is close.
package func closest(to word: String, among candidates: [String]) -> String? {
  ClosestWord.closest(to: word, among: candidates)
}

/// The keys that an unknown one probably means: those that other words of the field stand for, one that is spelt nearly so, or one
/// that is part of it or of which it is part; empty if there is none.
package func meanings(of key: String, among candidates: [String]) -> [String] {
  let word = plain(key)
  func named(_ words: [String: [String]]) -> [String] {
    let exact = candidates.filter { words[$0]?.contains(key) ?? false }
    // Small and large letters mean different things where there is but one.
    if !exact.isEmpty || word.count == 1 { return exact }
    return candidates.filter { words[$0]?.contains { plain($0) == word } ?? false }
  }
  if case let found = named(otherWords), !found.isEmpty { return found }
  if let candidate = closest(to: key, among: candidates) { return [candidate] }
  if case let found = named(widerWords), !found.isEmpty { return found }
  // `springConstants` of `spring`, `temp` of `temperature`.
  let parts = candidates.filter { candidate in
    let other = plain(candidate)
    return min(word.count, other.count) >= 4
      && (word.hasPrefix(other) || word.hasSuffix(other) || other.hasPrefix(word))
  }
  return parts.max { $0.count < $1.count }.map { [$0] } ?? []
}

private func plain(_ word: String) -> String { word.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " } }

/// What else the field, and other programs, call the keys of files.
private let otherWords: [String: [String]] = [
  // the file
  "medium": ["system", "model", "chain", "network", "material"],
  "baths": ["reservoirs", "thermostats", "leads", "environments"],
  "quantities": ["observables", "outputs", "measure"],
  "run": ["simulation", "settings", "integrator"],
  "sweep": ["scan", "vary", "grid"],
  "kind": ["type", "model"],
  // media
  "sites": ["N", "n", "size", "particles", "atoms", "length", "oscillators"],
  "mass": ["m"],
  "spring": ["k", "stiffness", "kappa", "coupling", "forceConstant", "harmonic"],
  "quartic": ["beta", "β", "anharmonicity", "fput", "fpu"],
  "pinning": ["K", "confinement", "pin", "anchor"],
  "bond": ["potential", "V", "interaction", "pair"],
  "site": ["potential", "U", "onsite", "substrate", "position", "where", "place", "external"],
  "walls": ["boundary", "boundaries", "fixed", "ends"],
  "segments": ["parts", "regions", "sections", "pieces", "blocks", "at"],
  "joints": ["interface", "interfaces", "contacts", "links", "junctions"],
  "lattice": ["graph", "topology", "geometry", "sites", "N", "size"],
  "bonds": ["edges", "links", "couplings"],
  "at": ["defects", "segments", "impurities", "regions", "parts"],
  "parameters": ["constants", "variables"],
  "length": ["L", "l", "width", "size"],
  "hbar": ["ħ", "planck"],
  // baths
  "temperature": ["T", "kT", "theta"],
  "friction": ["gamma", "γ", "damping", "drag", "zeta"],
  "rate": ["frequency", "nu", "collisionRate", "lambda"],
  "count": ["particles", "number", "N"],
  "amplitude": ["strength", "a", "f0"],
  "correlationTime": ["tau", "τ", "persistence", "persistenceTime"],
  "terms": ["kernel", "memory", "exponentials"],
  // runs
  "seed": ["randomSeed", "rng"],
  "replicas": ["copies", "ensemble", "trajectories", "samples", "realizations", "repeats"],
  "duration": ["time", "tmax", "total", "steps", "t"],
  "burnIn": ["equilibration", "thermalization", "transient", "warmup", "relaxation"],
  "timeStep": ["dt", "h", "step"],
  "targetError": ["tolerance", "precision", "accuracy", "error", "rtol"],
  // sweeps
  "parameter": ["name", "path", "key", "variable"],
  "values": ["list", "points"],
]

/// What is meant where there is no key of its own for it.
private let widerWords: [String: [String]] = [
  "site": ["at"],
  "bond": [
    "spring", "springs", "k", "stiffness", "coupling", "harmonic", "quartic", "beta", "β", "fput", "anharmonicity",
  ],
]

/// That a word is none of those that there are, with the one that was probably meant.
package func unknownWord(_ what: String, _ word: String, among words: [String]) -> String {
  let meant = closest(to: word, among: words).map { "; did you mean \($0)?" } ?? ""
  return "unknown \(what) \(shortened(word)): expected \(words.joined(separator: ", "))\(meant)"
}

/// Words as a phrase: `a`, `a or b`, `a, b or c`.
package func alternatives(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + last
}

/// A text from a file, made fit for one line of a message: at most 60 characters, control characters escaped.
package func shortened(_ text: String) -> String {
  let visible = text.unicodeScalars.prefix(61).map {
    $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
  }
  return visible.count > 60 ? visible.prefix(57).joined() + "..." : visible.joined()
}
