/// A figure as data: what is drawn, not how. Rendered by NessReport, kept as JSON and CSV beside the pictures.
public struct Figure: Codable, Sendable {
  /// One axis.
  public struct Axis: Codable, Sendable {
    /// How the axis is divided.
    public enum Scale: String, Codable, Sendable { case linear, logarithmic }

    /// Symbol and words in plain Unicode; `_x` or `_{xy}` marks a subscript, for example "T_L, temperature of the particles".
    public var label: String
    /// Unit, for the CSV header, for example "energy".
    public var unit: String
    /// Linear or logarithmic.
    public var scale: Scale
    /// Range, if it should not follow from the data.
    public var range: ClosedRange<Double>?

    /// An axis; without a range it follows from the data.
    public init(label: String, unit: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.unit = unit
      self.scale = scale
      self.range = range
    }
  }

  /// A set of points that belong together.
  public struct Curve: Codable, Sendable {
    /// What the points are, which decides how they look.
    public enum Role: String, Codable, Sendable {
      /// Sampled points with error bars: symbols.
      case simulation
      /// The best theory at hand: solid line.
      case theory
      /// A further theory: dashed line.
      case approximation
      /// A formula as printed in the paper: faint dotted line.
      case printed
      /// A guide to the eye, for example a power law: thin grey dashes.
      case guide
    }

    /// One point; `error` is one standard error, nil for exact curves.
    public struct Point: Codable, Sendable {
      /// Abscissa.
      public var x: Double
      /// Ordinate.
      public var y: Double
      /// One standard error of `y`.
      public var error: Double?

      /// A point, with one standard error if it was sampled.
      public init(_ x: Double, _ y: Double, error: Double? = nil) {
        self.x = x
        self.y = y
        self.error = error
      }
    }

    /// How the points are drawn, where that does not follow from the role.
    public enum Drawing: String, Codable, Sendable {
      /// Symbols alone, filled for a family of its own.
      case symbols
      /// Symbols joined by the line of the role.
      case markedLine
    }

    /// Text in the legend, plain Unicode with `_` for subscripts; nil keeps the curve out of the legend.
    public var label: String?
    /// Column name in the CSV, for example "zeta=0.1 simulation".
    public var name: String
    /// What it is.
    public var role: Role
    /// Curves of one family (same parameter value) share a colour.
    public var family: Int
    /// The points, in order of x.
    public var points: [Point]
    /// How the points are drawn; nil for symbols of a simulation and a line of anything else.
    public var drawing: Drawing?

    /// A named curve of a role; curves of the same `family` share a colour.
    public init(
      label: String?, name: String, role: Role, family: Int, points: [Point], drawing: Drawing? = nil
    ) {
      self.label = label
      self.name = name
      self.role = role
      self.family = family
      self.points = points
      self.drawing = drawing
    }
  }

  /// Short name, part of the file name, for example "3a".
  public var identifier: String
  /// Title in the report.
  public var title: String
  /// What is to be seen, and what is compared with what.
  public var caption: String
  /// The horizontal axis.
  public var horizontal: Axis
  /// The vertical axis.
  public var vertical: Axis
  /// The curves of the main panel.
  public var curves: [Curve]
  /// The curves of the ratio panel below (simulation over theory); empty for none.
  public var ratios: [Curve]
  /// Label of the ratio panel's vertical axis, for example "simulation / with memory".
  public var ratioLabel: String?
  /// Range of the ratio panel's vertical axis, if it should not follow from the data.
  public var ratioRange: ClosedRange<Double>?

  /// A figure as data.
  public init(
    identifier: String, title: String, caption: String, horizontal: Axis, vertical: Axis, curves: [Curve],
    ratios: [Curve] = [], ratioLabel: String? = nil, ratioRange: ClosedRange<Double>? = nil
  ) {
    self.identifier = identifier
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
    self.ratios = ratios
    self.ratioLabel = ratioLabel
    self.ratioRange = ratioRange
  }
}
