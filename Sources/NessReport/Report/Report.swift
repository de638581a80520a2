import NessFiles

/// The content of a reproduction's report, to be rendered by NessReport.
package struct Report: Codable, Sendable {
  /// A parameter of the reproduced paper and where its value comes from.
  package struct Parameter: Codable, Sendable {
    /// Where a value comes from.
    package enum Source: String, Codable, Sendable { case given, inferred, ours }

    /// The symbol, for example "T_R".
    package var symbol: String
    /// What it is, in words.
    package var meaning: String
    /// The value or values used.
    package var value: String
    /// Stated in the paper, inferred from it, or our choice.
    package var source: Source
    /// Where it is given, or why it was chosen.
    package var remark: String

    /// A parameter, its value and where the value comes from.
    package init(symbol: String, meaning: String, value: String, source: Source, remark: String = "") {
      self.symbol = symbol
      self.meaning = meaning
      self.value = value
      self.source = source
      self.remark = remark
    }
  }

  /// A claim of the paper, judged.
  package struct Claim: Codable, Sendable {
    /// What the numbers say of a claim.
    package enum Verdict: String, Codable, Sendable {
      /// The numbers show it, for the paper's model.
      case confirmed
      /// The numbers show its contrary, for the paper's model.
      case contradicted
      /// The numbers show it for the model computed here, which may not be the paper's.
      case holdsHere
      /// The numbers show its contrary for the model computed here, which may not be the paper's.
      case failsHere
      /// The numbers do not decide.
      case undecided
      /// An opinion: numbers cannot decide it.
      case notJudged

      /// In words, as a list has it.
      package var words: String {
        switch self {
        case .confirmed: "confirmed"
        case .contradicted: "contradicted"
        case .holdsHere: "holds here"
        case .failsHere: "fails here"
        case .undecided: "undecided"
        case .notJudged: "not judged"
        }
      }
    }

    /// The claim, in a sentence.
    package var statement: String
    /// What the numbers say of it.
    package var verdict: Verdict
    /// A sentence with the numbers and their errors.
    package var evidence: String

    /// A claim with its verdict and the numbers behind it.
    package init(statement: String, verdict: Verdict, evidence: String) {
      self.statement = statement
      self.verdict = verdict
      self.evidence = evidence
    }
  }

  /// Title, for example "Krekels, Maes, Santra, Zhai (2026), reproduced".
  package var title: String
  /// Reference of the paper, with its arXiv number.
  package var reference: String
  /// Two or three sentences: what was computed and what came out.
  package var summary: String
  /// The figures, in order.
  package var figures: [Figure]
  /// The parameters: given, inferred, ours.
  package var parameters: [Parameter]
  /// The verdicts.
  package var claims: [Claim]
  /// Printed against corrected formulas with measured evidence.
  package var formulas: [FormulaCheck]
  /// Label and text: run time, seed, version, machine, how to rerun, how to cite.
  package var provenance: [Fact]

  /// A label with its text.
  package struct Fact: Codable, Sendable {
    /// What it is.
    package var label: String
    /// The text.
    package var text: String

    /// A labelled fact.
    package init(_ label: String, _ text: String) {
      self.label = label
      self.text = text
    }
  }

  /// A report from its parts.
  package init(
    title: String, reference: String, summary: String, figures: [Figure], parameters: [Parameter], claims: [Claim],
    formulas: [FormulaCheck], provenance: [Fact]
  ) {
    self.title = title
    self.reference = reference
    self.summary = summary
    self.figures = figures
    self.parameters = parameters
    self.claims = claims
    self.formulas = formulas
    self.provenance = provenance
  }
}

/// One row of `ness verify`: a formula as printed and as corrected, against a number obtained independently.
package struct FormulaCheck: Codable, Sendable {
  /// What the comparison says.
  package enum Verdict: String, Codable, Sendable {
    /// The printed formula is right, to the tolerance of the row.
    case confirmed
    /// The formula is right to the tolerance of the row; whether the paper prints it is not known.
    case holds
    /// The printed formula is wrong and the corrected one right.
    case misprint
    /// The printed formula holds in a limit that is not reached here; the corrected one holds here too.
    case limited
    /// Neither fits, or the evidence does not decide.
    case open
  }

  /// Where in the paper, for example "k_eff, Sec. 4".
  package var location: String
  /// The formula as printed; nil if the text of the paper was not at hand.
  package var printed: String?
  /// The formula as we correct it; equal to `printed` if it is right.
  package var corrected: String
  /// Value of the printed formula, if it has one.
  package var printedValue: Double?
  /// Value of the corrected formula.
  package var correctedValue: Double
  /// The independent number.
  package var independentValue: Double
  /// Its uncertainty: one standard error, or a numerical bound.
  package var independentError: Double
  /// Whether the uncertainty is a standard error.
  package var isSampled: Bool
  /// To which share of the independent number a formula must agree, the 95 % interval included, to be right.
  package var tolerance: Double
  /// How the independent number was obtained, with the parameters.
  package var route: String
  /// What follows.
  package var verdict: Verdict
  /// What the formula, the limit of a theory, would be without the limit; nil where it is no limit.
  package var withoutLimit: Unlimited?

  /// The number of a theory of which a formula is a limit: why an independent number departs from the formula.
  package struct Unlimited: Codable, Sendable {
    /// The number.
    package var value: Double
    /// Which theory that is, and what the limit leaves out.
    package var theory: String
    /// To which share of the independent number it must agree, the 95 % interval included, for the formula to be right.
    package var tolerance: Double

    /// A number without the limit of a formula.
    package init(value: Double, theory: String, tolerance: Double) {
      self.value = value
      self.theory = theory
      self.tolerance = tolerance
    }
  }

  /// A check of one formula.
  package init(
    location: String, printed: String?, corrected: String, printedValue: Double?, correctedValue: Double,
    independentValue: Double, independentError: Double, isSampled: Bool, tolerance: Double, route: String,
    verdict: Verdict, withoutLimit: Unlimited? = nil
  ) {
    self.withoutLimit = withoutLimit
    self.location = location
    self.printed = printed
    self.corrected = corrected
    self.printedValue = printedValue
    self.correctedValue = correctedValue
    self.independentValue = independentValue
    self.independentError = independentError
    self.isSampled = isSampled
    self.tolerance = tolerance
    self.route = route
    self.verdict = verdict
  }

  /// Printed value over independent value: the factor of disagreement.
  package var factor: Double? { printedValue.map { $0 / independentValue } }

  /// Corrected value over independent value.
  package var correctedFactor: Double { correctedValue / independentValue }

  /// How many standard errors the independent number is from the corrected formula; nil if it is not sampled.
  package var z: Double? { z(correctedValue) }

  /// The same from what the formula would be without its limit.
  package var zWithoutLimit: Double? { withoutLimit.flatMap { z($0.value) } }

  private func z(_ expected: Double) -> Double? {
    isSampled && independentError > 0 ? (independentValue - expected) / independentError : nil
  }
}
