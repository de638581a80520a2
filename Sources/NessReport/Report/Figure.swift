/// A figure as data: what is drawn, not how. Rendered by NessReport, kept as JSON and CSV beside the pictures.
package struct Figure: Codable, Sendable {
  /// One axis.
  package struct Axis: Codable, Sendable {
    /// How the axis is divided.
    package enum Scale: String, Codable, Sendable { case linear, logarithmic }

    /// Symbol and words in plain Unicode; `_x` or `_{xy}` marks a subscript, for example "T_L, temperature of the particles".
    package var label: String
    /// Unit, for the CSV header, for example "energy".
    package var unit: String
    /// Linear or logarithmic.
    package var scale: Scale
    /// Range, if it should not follow from the data.
    package var range: ClosedRange<Double>?

    /// An axis; without a range it follows from the data.
    package init(label: String, unit: String, scale: Scale = .linear, range: ClosedRange<Double>? = nil) {
      self.label = label
      self.unit = unit
      self.scale = scale
      self.range = range
    }
  }

  /// A set of points that belong together.
  package struct Curve: Codable, Sendable {
    /// What the points are, which decides how they look.
    package enum Role: String, Codable, Sendable {
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
    package struct Point: Codable, Sendable {
      /// Abscissa.
      package var x: Double
      /// Ordinate.
      package var y: Double
      /// One standard error of `y`.
      package var error: Double?

      /// A point, with one standard error if it was sampled.
      package init(_ x: Double, _ y: Double, error: Double? = nil) {
        self.x = x
        self.y = y
        self.error = error
      }
    }

    /// How the points are drawn, where that does not follow from the role.
    package enum Drawing: String, Codable, Sendable {
      /// Symbols alone, filled for a family of its own.
      case symbols
      /// Symbols joined by the line of the role.
      case markedLine
    }

    /// Text in the legend, plain Unicode with `_` for subscripts; nil keeps the curve out of the legend.
    package var label: String?
    /// Column name in the CSV, for example "zeta=0.1 simulation".
    package var name: String
    /// What it is.
    package var role: Role
    /// Curves of one family (same parameter value) share a colour.
    package var family: Int
    /// The points, in order of x.
    package var points: [Point]
    /// How the points are drawn; nil for symbols of a simulation and a line of anything else.
    package var drawing: Drawing?
    /// The label of the curve of another panel whose dashes it has; nil for its own.
    package var kin: String?

    /// A named curve of a role; curves of the same `family` share a colour.
    package init(
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
  package var identifier: String
  /// Title in the report.
  package var title: String
  /// What is to be seen, and what is compared with what.
  package var caption: String
  /// The horizontal axis.
  package var horizontal: Axis
  /// The vertical axis.
  package var vertical: Axis
  /// The curves of the main panel.
  package var curves: [Curve]
  /// The curves of the ratio panel below (simulation over theory); empty for none.
  package var ratios: [Curve]
  /// Label of the ratio panel's vertical axis, for example "simulation / with memory".
  package var ratioLabel: String?
  /// Range of the ratio panel's vertical axis, if it should not follow from the data.
  package var ratioRange: ClosedRange<Double>?
  /// A network that is drawn in the place of curves; the vertical axis is that of its colours.
  package var graph: Graph?

  /// A figure as data.
  package init(
    identifier: String, title: String, caption: String, horizontal: Axis, vertical: Axis, curves: [Curve],
    ratios: [Curve] = [], ratioLabel: String? = nil, ratioRange: ClosedRange<Double>? = nil, graph: Graph? = nil
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
    self.graph = graph
  }
}
