extension Chain {
  /// Masses and springs.
  package static var picture: MediumPicture? { .sites }

  /// `chain`
  package static let kind = KindDescription(
    "chain", title: "Chain",
    meaning:
      "a chain with free ends and bonds V(r) = k r²/2 + β r⁴/4, harmonic unless β is given, or a row of sites with masses, bonds "
      + "and site potentials of your own")
  /// A harmonic chain of two sites.
  package static let example = Chain(sites: 2, pinning: 1)
  /// Its size, masses, bonds and pinning.
  package static let parameters: [Parameter<Chain>] = [
    Parameter(
      "sites", "N", \.sites, range: 1...100_000, usual: 1...128, isRequired: true, name: "number of sites",
      meaning: "number of sites"),
    Parameter(
      "mass", "m", \.commonMass, dimension: "mass", range: .positive, usual: 0.05...20,
      or: (
        .init(
          get: { $0.rules.mass?.tree },
          set: { (chain, tree) throws(ModelError) in
            try Faults.told {
              MassRule(tree, at: "mass", &$0)
            } _: {
              chain.rules.mass = $0
            }
          },
          numbers: { ($0.rules.mass?.seed ?? []).map { .init(description: $0.description, value: $0.value) } },
          setNumber: { $0.rules.mass?.set($1, to: $2) ?? false }),
        MassRule.forms
      ), meaning: "mass of every site"),
    Parameter(
      "spring", "k", \.springConstant, dimension: "mass/time^2", range: .positive, usual: 0.02...50,
      name: "spring constant", noun: "a spring constant", if: .without("bond"),
      meaning: "spring constant between neighbours; a single site has none"),
    Parameter(
      "quartic", "β", \.quarticConstant, dimension: "energy/length^4", range: .notNegative, usual: 0...10,
      name: "quartic constant of the bonds", noun: "a quartic constant", if: .without("bond"),
      meaning: "β of every bond (FPUT-β); above 0 the theories refuse, the simulation answers"),
    Parameter(
      "pinning", "K", left: \.pinning.left, right: \.pinning.right, dimension: "mass/time^2", range: .notNegative,
      usual: 0...20, isRequired: true, leftOut: .init(beside: ["bond", "site", "walls", "segments"], value: 0),
      meaning: "spring constant that holds the first and the last site"),
    .formula(
      "bond", "V", get: { $0.rules.bond }, set: { $0.rules.bond = $1 }, of: "r", Network.bondForm,
      meaning: "potential of every bond, in place of `spring` and `quartic`"),
    .formula(
      "site", "U", get: { $0.rules.site }, set: { $0.rules.site = $1 }, of: "q", Network.siteForm,
      meaning: "potential that holds every site; left out, none"),
    .namedNumbers(\.rules.parameters),
    .walls(\.rules.walls),
    .list(
      "segments", \.rules.segments, get: \.tree,
      item: { SiteRule($0, at: $1, &$2) }, forms: Rules.segmentForms,
      meaning: "unlike parts of the chain, from its first site to its last"),
    .list(
      "joints", \.rules.joints, get: ParameterTree.text,
      item: { item, path, faults in
        faults.value(item.formula, of: item, at: path, expected: "a formula of r") ?? "0"
      }, forms: Rules.jointForms, if: .beside("segments"), meaning: "bonds between neighbouring segments, in order"),
    .planck(\.rules.hbar),
  ]
}
