import NessModel

/// What is known of every kind of medium and bath, of the methods and of the quantities, for programs: the page of the
/// explorer, its description by OpenAPI, `ness kinds --format json`.
package struct CatalogueSchema: Encodable, Sendable {
  /// The media, in the order of the catalogue.
  package let media: [Kind]
  /// The baths, in the order of the catalogue.
  package let baths: [Kind]
  /// The place of a bath that is neither `left` nor `right`.
  package let site: Parameter
  /// The methods, simulation first.
  package let methods: [MethodRow]
  /// The families of quantities.
  package let quantities: [QuantityRow]

  /// How an answer is obtained. What a method claims to be for a model is in the answer.
  package struct MethodRow: Encodable, Sendable {
    /// Its name in files, commands and results.
    package let name: String
    /// What a legend calls it.
    package let legend: String
    /// Its place among methods of equal validity: a lower one is believed first.
    package let rank: Int
    /// What it computes.
    package let words: String
  }

  /// A family of quantities.
  package struct QuantityRow: Encodable, Sendable {
    /// Its name in files, commands and results.
    package let name: String
    /// Symbol in figures; # stands for the bath or the number.
    package let symbol: String?
    /// What it is, without what tells its members apart.
    package let words: String
    /// What all of it is: `heat from each bath`.
    package let meaning: String
    /// Its dimension.
    package let dimension: String
    /// What tells its members apart: `bath`, or what is numbered (`site`, `level`, ...); nil where there is one.
    package let members: String?

    /// How the name of a member is written: `heatFrom.BATH`, `kineticTemperature[site]`.
    package var form: String {
      switch Quantity.Family(rawValue: name)?.members {
      case .ofBath?: "\(name).BATH"
      case .ofBathOrOne?: "\(name)[.BATH]"
      case .numbered(let what)?: "\(name)[\(what)]"
      case .along(let axes)?: "\(name)[\(axes.joined(separator: ","))]"
      case .one?, nil: name
      }
    }

    init(_ family: Quantity.Family) {
      name = family.rawValue
      symbol = family.symbol
      words = family.words
      meaning = family.wordsOfAll
      dimension = family.dimension
      switch family.members {
      case .one: members = nil
      case .ofBath, .ofBathOrOne: members = "bath"
      case .numbered(let what): members = what
      case .along(let axes): members = axes.joined(separator: ",")
      }
    }
  }

  /// A kind of medium or bath.
  package struct Kind: Encodable, Sendable {
    /// Its name in files.
    package let key: String
    /// Its name in words.
    package let title: String
    /// One line on what it is.
    package let meaning: String
    /// The kinds of bath that can touch it; nil for a bath.
    package let baths: [String]?
    /// Whether a medium is simulated, and not computed exactly; nil for a bath.
    package let sampled: Bool?
    /// How a medium is drawn: `sites`, `graph`, `flights` or `levels`; nil for not at all, and for a bath.
    package let picture: String?
    /// The medium that describes the same system by the other mechanics; nil if there is none.
    package let twin: String?
    /// The medium that it is solved as where a value is a list, a mapping or a text; nil if it stays what it is, and for a bath.
    package let solvedAs: String?
    /// What is answered for a medium, method by method; nil for a bath.
    package let answers: [Answers]?
    /// Its parameters in the order of files. One that depends on another comes once for each of its forms.
    package let parameters: [Parameter]

    init(_ medium: any Medium.Type, answers: [Answers]) {
      self.init(
        medium, baths: Catalogue.baths(touching: medium), sampled: medium.isSampled, picture: medium.picture?.rawValue,
        twin: medium.twin?.kind.key, solvedAs: medium.solvedAs?.kind.key, answers: answers)
    }

    init(
      _ kind: any Described.Type, baths: [any Bath.Type]? = nil, sampled: Bool? = nil, picture: String? = nil,
      twin: String? = nil, solvedAs: String? = nil, answers: [Answers]? = nil
    ) {
      key = kind.kind.key
      title = kind.kind.title
      meaning = kind.kind.meaning
      self.baths = baths?.map { $0.kind.key }
      self.sampled = sampled
      self.picture = picture
      self.twin = twin
      self.solvedAs = solvedAs
      self.answers = answers
      let parts = kind.wholeParts
      parameters = kind.defaults.map { parameter in
        Parameter(parameter.description, value: parameter.text, isWhole: parts.contains(parameter.name))
      }
    }
  }

  /// The quantities that a method answers for a medium.
  package struct Answers: Encodable, Sendable {
    /// The method.
    package let method: Method
    /// The families that it answers without work of their own.
    package let quantities: [Quantity.Family]
    /// Those that cost work: answered by name, or where that is little.
    package let costly: [Quantity.Family]

    /// What a method answers.
    package init(_ method: Method, quantities: [Quantity.Family], costly: [Quantity.Family]) {
      self.method = method
      self.quantities = quantities
      self.costly = costly
    }
  }

  /// A parameter.
  package struct Parameter: Encodable, Sendable {
    /// What is known of it.
    package let description: ParameterDescription
    /// Its default, or a value to begin with if a file must give it; nil if it is left to Ness.
    package let value: String?
    /// Whether the numbers within a value with a form of its own are whole.
    private let isWhole: Bool

    init(_ description: ParameterDescription, value: String?, isWhole: Bool = false) {
      self.description = description
      self.value = value
      self.isWhole = isWhole
    }

    private enum Key: String, CodingKey {
      case key, symbol, name, dimension, type, required, value, range, minimum, exclusiveMinimum, maximum, usual,
        choices
      case table, when, unless, meaning, whole
    }
    private enum ChoiceKey: String, CodingKey { case word, meaning }
    private enum ConditionKey: String, CodingKey { case key, word, holds }

    /// Encodes what is known; absent keys do not apply.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(description.key, forKey: .key)
      try container.encodeIfPresent(description.symbol, forKey: .symbol)
      try container.encode(description.name, forKey: .name)
      try container.encode(description.dimension, forKey: .dimension)
      try container.encode(type, forKey: .type)
      try container.encode(description.isRequired, forKey: .required)
      if let value, !description.isNumeric {
        try container.encode(value, forKey: .value)
      } else if description.isWhole {
        try container.encodeIfPresent(value.flatMap { Int($0) }, forKey: .value)
      } else {
        try container.encodeIfPresent(value.flatMap { Double($0) }, forKey: .value)
      }
      try encodeRange(&container)
      if let usual = description.usual {
        try container.encode([usual.lowerBound, usual.upperBound], forKey: .usual)
      }
      if let (choices, table) = description.choices {
        var list = container.nestedUnkeyedContainer(forKey: .choices)
        for choice in choices {
          var item = list.nestedContainer(keyedBy: ChoiceKey.self)
          try item.encode(choice.word, forKey: .word)
          try item.encode(choice.meaning, forKey: .meaning)
        }
        try container.encodeIfPresent(table, forKey: .table)
      }
      if let condition = description.condition {
        var item = container.nestedContainer(keyedBy: ConditionKey.self, forKey: .when)
        try item.encode(condition.key, forKey: .key)
        try item.encode(condition.word, forKey: .word)  // null for left out
        try item.encode(condition.isThatWord, forKey: .holds)
      }
      try container.encodeIfPresent(description.leftOut?.keys, forKey: .unless)
      try container.encode(description.meaning, forKey: .meaning)
      if isWhole { try container.encode(true, forKey: .whole) }
    }

    private func encodeRange(_ container: inout KeyedEncodingContainer<Key>) throws {
      guard let range = description.range else { return }
      try container.encode(range.words, forKey: .range)
      switch range {
      case .finite: break
      case .positive: try container.encode(0, forKey: .exclusiveMinimum)
      case .notNegative: try container.encode(0, forKey: .minimum)
      case .between(let least, let most):
        try container.encode(least, forKey: .minimum)
        try container.encode(most, forKey: .maximum)
      case .whole(let range):
        try container.encode(range.lowerBound, forKey: .minimum)
        try container.encode(range.upperBound, forKey: .maximum)
      }
    }

    /// `number`, `whole`, `ends` (one number for both, or a mapping), `word`, or `structure` (a list, a mapping or a text).
    var type: String {
      switch description.form {
      case .number: "number"
      case .wholeNumber: "whole"
      case .ends: "ends"
      case .word: "word"
      case .structure: "structure"
      }
    }
  }

  /// The schema of the catalogue.
  ///
  /// - Parameter answers: what is answered for a medium, which solvers tell.
  package init(answers: (any Medium.Type) -> [Answers]) {
    media = Catalogue.media.map { Kind($0, answers: answers($0)) }
    baths = Catalogue.baths.map { Kind($0) }
    site = Parameter(.site, value: nil)
    methods = Method.allCases.map { .init(name: $0.rawValue, legend: $0.legend, rank: $0.rank, words: $0.words) }
    quantities = Quantity.Family.allCases.map(QuantityRow.init)
  }
}
