import NessFormula
import Testing

@Suite struct FormulaFaultTests {
  private func fault(_ text: String, names: Set<String> = ["r", "k", "beta"]) -> FormulaFault? {
    do {
      _ = try Formula(text, names: names)
      return nil
    } catch { return error }
  }

  static let operand = "a number, a name, a function or ("

  @Test(
    arguments: [
      ("", 0, 0, "nothing", "a formula", nil),
      ("  ", 0, 0, "nothing", "a formula", nil),
      ("k*", 2, 0, "the end", operand, nil),
      ("k*r^2/", 6, 0, "the end", operand, nil),
      ("k ** 2", 2, 2, "**", "an operator", "write ^"),
      ("2r", 1, 1, "r", "an operator", "write 2*r"),
      ("k r", 2, 1, "r", "an operator", "write k*r"),
      ("r^2 beta", 4, 4, "beta", "an operator", "write 2*beta"),
      ("k(r + 1)", 1, 1, "(", "an operator", "write k*(...)"),
      ("(r + 1)(r - 1)", 7, 1, "(", "an operator", "write (...)*(...)"),
      ("2exp(r)", 1, 3, "exp", "an operator", "write 2*exp"),
      ("1.2.3", 3, 2, ".3", "an operator", nil),
      ("2 3", 2, 1, "3", "an operator", nil),
      ("k*R^2", 2, 1, "unknown name R", "beta, k, r, pi", "did you mean r?"),
      ("bta*r^2", 0, 3, "unknown name bta", "beta, k, r, pi", "did you mean beta?"),
      ("k*stretch", 2, 7, "unknown name stretch", "beta, k, r, pi", nil),
      ("ln(r)", 0, 2, "unknown function ln", functions, "write log"),
      ("pow(r, 2)", 0, 3, "unknown function pow", functions, "write a^b"),
      ("cosine(r)", 0, 6, "unknown function cosine", functions, nil),
      ("snh(r)", 0, 3, "unknown function snh", functions, "did you mean sinh?"),
      ("e^r", 0, 1, "unknown name e", "beta, k, r, pi", "write exp(1)"),
      ("\u{3c0}*r", 0, 1, "unknown name \u{3c0}", "beta, k, r, pi", "write pi"),
      ("sin r", 4, 1, "r", "( after sin", "write sin(x)"),
      ("k*sin", 5, 0, "the end", "( after sin", "write sin(x)"),
      ("min(r)", 5, 1, ")", "a comma and a second argument of min", "write min(a, b)"),
      ("max(r, k, beta)", 8, 1, "a comma", "an operator or )", "write max(a, max(b, c))"),
      ("sin(r, k)", 5, 1, "a comma", "an operator or )", "sin has one argument"),
      ("sin()", 4, 1, ")", operand, nil),
      ("0,5*r^2", 1, 1, "a comma", "an operator or the end", "write 0.5 with a point"),
      ("exp(0,5*r)", 5, 1, "a comma", "an operator or )", "write 0.5 with a point"),
      ("(r + 1", 0, 1, "( that is not closed", "a ) for it", nil),
      ("k*(r*(1 + r)", 2, 1, "( that is not closed", "a ) for it", nil),
      ("exp(r", 3, 1, "( that is not closed", "a ) for it", nil),
      ("r + 1)", 5, 1, ")", "an operator or the end", "it closes nothing"),
      (")", 0, 1, ")", operand, nil),
      ("r = 1", 2, 1, "=", "an operator or the end", nil),
      ("r^\u{b2}", 2, 1, "\u{b2}", operand, "write ^2"),
      ("r\u{b2}", 1, 1, "\u{b2}", "an operator or the end", "write ^2"),
      ("1 \u{2212} r", 2, 1, "\u{2212}", "an operator or the end", "write -"),
      ("2\u{b7}r", 1, 1, "\u{b7}", "an operator or the end", "write *"),
      ("[r]", 0, 1, "[", operand, "write round brackets"),
      ("|r|", 0, 1, "|", operand, "write abs(x)"),
      ("r\u{7}", 1, 1, "\\u{07}", "an operator or the end", nil),
      ("1e999", 0, 5, "1e999", "a number between 5e-324 and 1.7e308", nil),
      ("1e-999", 0, 6, "1e-999", "a number between 5e-324 and 1.7e308", nil),
      ("r + .", 4, 1, ".", operand, nil),
      ("2*/r", 2, 1, "/", operand, nil),
      ("r^^2", 2, 1, "^", operand, nil),
      ("\u{1f600}", 0, 1, "\u{1f600}", operand, nil),
      ("r + \u{65}\u{301}", 4, 1, "unknown name \u{65}\u{301}", "beta, k, r, pi", nil),
    ] as [(String, Int, Int, String, String, String?)])
  func everyFaultPointsAtItsCharacters(
    text: String, position: Int, length: Int, found: String, expected: String, remedy: String?
  ) throws {
    let fault = try #require(self.fault(text))
    #expect(fault.position == position && fault.length == length)
    #expect(fault.found == found)
    #expect(fault.expected == expected)
    #expect(fault.remedy == remedy)
  }

  static let functions = "exp, log, sqrt, sin, cos, tan, sinh, cosh, tanh, abs, min, max"

  @Test func aFaultIsOneLine() throws {
    #expect(
      try #require(fault("k ** 2")).description == "character 3: found **, expected an operator (write ^)")
    #expect(try #require(fault("1 + x", names: [])).description == "character 5: found unknown name x, expected pi")
  }

  @Test func lengthAndDepthHaveBounds() throws {
    let long = String(repeating: "1+", count: 999) + "11"
    #expect(try Formula(long, names: []).value() == 1010)
    #expect(fault(long + "1")?.position == 2000)
    #expect(fault(long + "1")?.found == "2001 characters")
    for (opening, closing) in [("(", ")"), ("-", ""), ("exp(", ")"), ("2^", ""), ("2^-", ""), ("min(1, ", ")")] {
      func nested(_ count: Int) -> String {
        String(repeating: opening, count: count) + "r" + String(repeating: closing, count: count)
      }
      #expect(fault(nested(25)) == nil)
      let fault = try #require(self.fault(nested(200)))
      #expect(fault.found == "more than 50 levels")
      #expect(fault.position >= 50 * opening.count / 2 && fault.position <= 52 * opening.count)
      #expect(self.fault(nested(100_000))?.found.hasSuffix("characters") == true)
    }
  }

  @Test func productsHaveABoundedNumberOfFactors() throws {
    func product(_ count: Int) -> String { (0..<count).map { "(r + \($0).5)" }.joined(separator: "*") }
    let formula = try Formula(product(32), names: ["r"])
    #expect(formula.derivative(by: "r").derivative(by: "r").value(["r": -0.5]).isFinite)
    let fault = try #require(self.fault("1 - " + product(33)))
    #expect(fault.found == "33 different factors" && fault.position == 4 && fault.length == product(33).count)
    #expect(self.fault("exp((" + product(20) + ")/(" + product(32).replacing("r", with: "k") + "))") != nil)
    #expect(self.fault((0..<500).map { _ in "r*k" }.joined(separator: "*")) == nil)
  }

  @Test func namesOfParametersAreWords() {
    for name in ["beta", "k_2", "_", "V0", "\u{3b2}", "e"] { #expect(Formula.isName(name)) }
    for name in ["", "2k", "k-2", "a b", "pi", "exp", "min", "k.2", "k\n", "\u{b2}"] { #expect(!Formula.isName(name)) }
  }

  // MARK: Fuzz

  /// Reads, simplifies, differentiates and evaluates, whatever it is; a fault lies within the text.
  private func exercise(_ text: String) {
    do {
      let formula = try Formula(text, names: ["x", "a"])
      let potential = Potential(formula.substituting(["a": 1.5]), of: "x")
      _ = (potential.energy(0.3), potential.slope(0.3), potential.curvature(0.3), potential.form)
    } catch {
      #expect(error.position >= 0 && error.length >= 0 && error.position + error.length <= text.count, "\(text)")
      #expect(!error.found.isEmpty && !error.expected.isEmpty)
      #expect(!error.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }
  }

  @Test func noTextCrashesTheReader() {
    var random = RandomFormulas(seed: 41)
    let signs =
      Array("0123456789.eE+-*/^(),xa \n")
      + ["sin", "exp(", "min(", "pi", "\u{b2}", "\u{0}", "\u{301}", "\u{1f468}\u{200d}\u{1f469}"]
      .joined().map(Character.init)
    for round in 0..<8000 {
      switch round % 4 {
      case 0:
        let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        exercise(String(decoding: bytes, as: UTF8.self))
      case 1:
        exercise(String((0..<Int.random(in: 0...30, using: &random)).map { _ in signs.randomElement(using: &random)! }))
      default:
        // A formula with an end cut off, or with characters changed, taken away or put in.
        var text = Array(random.text(depth: 3))
        if round % 4 == 2 { text.removeLast(Int.random(in: 0...text.count, using: &random)) }
        for _ in 0..<Int.random(in: 0...3, using: &random) where !text.isEmpty {
          let place = text.indices.randomElement(using: &random)!
          switch Int.random(in: 0..<3, using: &random) {
          case 0: text.remove(at: place)
          case 1: text[place] = signs.randomElement(using: &random)!
          default: text.insert(signs.randomElement(using: &random)!, at: place)
          }
        }
        exercise(String(text))
      }
    }
  }

  @Test func formulasWrittenOutReadAsTheSame() throws {
    var random = RandomFormulas(seed: 42)
    for _ in 0..<2000 {
      let formula = try Formula(random.text(depth: 4), names: ["x", "a"])
      let text = formula.description
      guard text.count <= Formula.longestText else { continue }
      let again = try Formula(text, names: ["x", "a"])
      #expect(again == formula, "\(text) became \(again)")
      #expect(again.description == text)
    }
  }
}
