import NessFiles

/// The content of a reproduction's report, to be rendered by NessReport.
public struct Report: Codable, Sendable {
  /// A parameter of the reproduced paper and where its value comes from.
  public struct Parameter: Codable, Sendable {
    /// Where a value comes from.
    public enum Source: String, Codable, Sendable { case given, inferred, ours }

    /// The symbol, for example "T_R".
    public var symbol: String
    /// What it is, in words.
    public var meaning: String
    /// The value or values used.
    public var value: String
    /// Stated in the paper, inferred from it, or our choice.
    public var source: Source
    /// Where it is given, or why it was chosen.
    public var remark: String

    /// A parameter, its value and where the value comes from.
    public init(symbol: String, meaning: String, value: String, source: Source, remark: String = "") {
      self.symbol = symbol
      self.meaning = meaning
      self.value = value
      self.source = source
      self.remark = remark
    }
  }

  /// A claim of the paper, judged.
  public struct Claim: Codable, Sendable {
    /// What the numbers say of a claim.
    public enum Verdict: String, Codable, Sendable {
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
      public var words: String {
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
    public var statement: String
    /// What the numbers say of it.
    public var verdict: Verdict
    /// A sentence with the numbers and their errors.
    public var evidence: String

    /// A claim with its verdict and the numbers behind it.
    public init(statement: String, verdict: Verdict, evidence: String) {
      self.statement = statement
      self.verdict = verdict
      self.evidence = evidence
    }
  }

  /// Title, for example "Krekels, Maes, Santra, Zhai (2026), reproduced".
  public var title: String
  /// Reference of the paper, with its arXiv number.
  public var reference: String
  /// Two or three sentences: what was computed and what came out.
  public var summary: String
  /// The figures, in order.
  public var figures: [Figure]
  /// The parameters: given, inferred, ours.
  public var parameters: [Parameter]
  /// The verdicts.
  public var claims: [Claim]
  /// Printed against corrected formulas with measured evidence.
  public var formulas: [FormulaCheck]
  /// Label and text: run time, seed, version, machine, how to rerun, how to cite.
  public var provenance: [Fact]

  /// A label with its text.
  public struct Fact: Codable, Sendable {
    /// What it is.
    public var label: String
    /// The text.
    public var text: String

    /// A labelled fact.
    public init(_ label: String, _ text: String) {
      self.label = label
      self.text = text
    }
  }

  /// A report from its parts.
  public init(
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
public struct FormulaCheck: Codable, Sendable {
  /// What the comparison says.
  public enum Verdict: String, Codable, Sendable {
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
  public var location: String
  /// The formula as printed; nil if the text of the paper was not at hand.
  public var printed: String?
  /// The formula as we correct it; equal to `printed` if it is right.
  public var corrected: String
  /// Value of the printed formula, if it has one.
  public var printedValue: Double?
  /// Value of the corrected formula.
  public var correctedValue: Double
  /// The independent number.
  public var independentValue: Double
  /// Its uncertainty: one standard error, or a numerical bound.
  public var independentError: Double
  /// Whether the uncertainty is a standard error.
  public var isSampled: Bool
  /// To which share of the independent number a formula must agree, the 95 % interval included, to be right.
  public var tolerance: Double
  /// How the independent number was obtained, with the parameters.
  public var route: String
  /// What follows.
  public var verdict: Verdict
  /// What the formula, the limit of a theory, would be without the limit; nil where it is no limit.
  public var withoutLimit: Unlimited?

  /// The number of a theory of which a formula is a limit: why an independent number departs from the formula.
  public struct Unlimited: Codable, Sendable {
    /// The number.
    public var value: Double
    /// Which theory that is, and what the limit leaves out.
    public var theory: String
    /// To which share of the independent number it must agree, the 95 % interval included, for the formula to be right.
    public var tolerance: Double

    /// A number without the limit of a formula.
    public init(value: Double, theory: String, tolerance: Double) {
      self.value = value
      self.theory = theory
      self.tolerance = tolerance
    }
  }

  /// A check of one formula.
  public init(
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
  public var factor: Double? { printedValue.map { $0 / independentValue } }

  /// Corrected value over independent value.
  public var correctedFactor: Double { correctedValue / independentValue }

  /// How many standard errors the independent number is from the corrected formula; nil if it is not sampled.
  public var z: Double? { z(correctedValue) }

  /// The same from what the formula would be without its limit.
  public var zWithoutLimit: Double? { withoutLimit.flatMap { z($0.value) } }

  private func z(_ expected: Double) -> Double? {
    isSampled && independentError > 0 ? (independentValue - expected) / independentError : nil
  }
}
