import Foundation
import NessFiles
import NessModel
import NessReport
import NessStatistics
import Testing

/// Networks with made-up temperatures and currents.
private enum SampleNetwork {
  /// Site n has temperature 1 + n/10; every bond carries heat from its first site to its second, with some error.
  static func figures(
    _ network: Network, baths: [(String, Int)] = [("hot", 1)], unit: Double = 1, current: Double = 1,
    error: Double = 0.1,
    _ options: StudyFigures.Options = .init(), weights: [Double]? = nil, others: [Contact] = []
  ) throws -> StudyFigures {
    let experiment = try Experiment(
      title: "Sample", medium: .init(network),
      contacts: baths.map {
        Contact($0.0, site: $0.1, .init(LangevinBath(temperature: unit * (1 + 0.1 * Double($0.1)), friction: 1)))
      } + others, sweep: weights.map { Sweep(parameter: "medium.parameters.w", values: $0) })
    let form = network.form
    let points = (weights ?? [1]).map { weight -> PointResult in
      func sampled(_ quantity: Quantity, _ value: Double, _ error: Double) -> Answer.Entry {
        .init(
          quantity, .simulation,
          .statistical(unit * value, standardError: unit * error, effectiveSamples: 100))
      }
      var entries: [Answer.Entry] = []
      for site in 1...form.sites {
        entries.append(sampled(.kineticTemperature(site: site), 1 + 0.1 * Double(site), 0.01))
      }
      for pair in form.pairs {
        let bond = Quantity.bondHeatCurrent(from: pair.first + 1, to: pair.second + 1)
        entries.append(sampled(bond, weight * current, error))
      }
      let swept = weights == nil ? [] : [ParameterValue(path: "medium.parameters.w", value: weight)]
      return PointResult(parameters: swept, estimates: entries)
    }
    return StudyFigures(
      StudyNumbers(document: ResultDocument(title: "Sample", points: points)), experiment, options)
  }

  /// Twelve sites joined by hand, crosswise.
  static let byHand = Network(
    lattice: .sites(12),
    bonds: [
      [1, 2], [1, 3], [1, 12], [2, 5], [2, 7], [3, 4], [3, 6], [3, 7], [3, 9], [3, 10], [3, 11], [3, 12], [4, 8],
      [4, 11],
      [4, 12], [5, 8], [5, 12], [8, 9],
    ].map { BondRule(between: $0[0], $0[1]) })

  /// Networks with their baths.
  static let all: [(network: Network, baths: [(String, Int)])] = [
    (Network(lattice: .chain(1)), [("left", 1), ("right", 1)]),
    (Network(lattice: .chain(16)), [("left", 1), ("right", 16)]),
    (Network(lattice: .chain(16), bonds: [BondRule(between: 1, 16)]), [("left", 1), ("middle", 9)]),
    (Network(lattice: .chain(64)), [("left", 1), ("right", 64)]),
    (Network(lattice: .ring(8)), [("hot", 1), ("cold", 4)]),
    (Network(lattice: .ladder(5)), [("hot", 1), ("cold", 10)]),
    (
      Network(lattice: .square(columns: 6, rows: 4)),
      [
        ("hot1", 1), ("hot2", 7), ("hot3", 13), ("hot4", 19), ("cold1", 6), ("cold2", 12), ("cold3", 18), ("cold4", 24),
      ]
    ),
    (Network(lattice: .cube(4, 3, 3)), [("hot", 1), ("cold", 36)]),
    (Network(lattice: .star(6)), [("hub", 1), ("a", 2), ("b", 3), ("c_long", 4)]),
    (Network(lattice: .complete(7)), [("hot", 1), ("cold", 4)]),
    (byHand, [("hot", 1), ("warm", 7), ("cold", 12)]),
  ]
}

/// A mark of a picture, read back from the JSON of a drawing.
private struct ReadMark: Decodable {
  struct Word: Decodable { let text: String }
  let kind: String
  let points: [[Double]]
  let color: String
  let radius: Double?
  let text: [Word]?
  let alignment: String?
  let size: Double?

  var words: String { (text ?? []).map(\.text).joined() }
  /// Left, right, top and bottom of a text.
  var frame: (left: Double, right: Double, top: Double, bottom: Double) {
    let width = (size ?? 0) * MathText(name: words).estimatedWidth
    let left = points[0][0] - (alignment == "center" ? width / 2 : 0)
    // Small letters fill about the middle two thirds of their height.
    return (left, left + width, points[0][1] - 0.35 * (size ?? 0), points[0][1] + 0.35 * (size ?? 0))
  }
}

private struct ReadDrawing: Decodable {
  struct Picture: Decodable {
    let width: Double
    let height: Double
    let marks: [ReadMark]
  }
  let picture: Picture
  let notes: [String]

  init(_ figure: Figure) throws {
    let bytes = try JSONEncoder().encode(FigureDrawing(figure, as: .print(centimetres: FigureFormat.singleColumn)))
    self = try JSONDecoder().decode(Self.self, from: bytes)
  }

  private static let ink = "#333333"
  /// Dark triangles that lie on bonds; the one of the key is below all sites.
  var arrows: [[[Double]]] {
    let lowest = discs.map { $0.points[0][1] + ($0.radius ?? 0) }.max() ?? 0
    return picture.marks.filter {
      $0.kind == "polygon" && $0.points.count == 3 && $0.color == Self.ink && $0.points[0][1] < lowest
    }.map(\.points)
  }
  /// The discs that show the colours of the sites, in order.
  var discs: [ReadMark] { picture.marks.filter { $0.kind == "disc" && $0.color != Self.ink } }
}

@Suite("Pictures of networks")
struct NetworkFigureTests {
  @Test("No text covers another one or a site, nothing leaves the picture", arguments: SampleNetwork.all.indices)
  func free(index: Int) throws {
    let (network, baths) = SampleNetwork.all[index]
    let figure = try SampleNetwork.figures(network, baths: baths).figure(.network)
    let drawing = try ReadDrawing(figure)
    #expect(drawing.notes.isEmpty, "\(drawing.notes)")
    let discs = drawing.discs
    #expect(discs.count == network.sites)
    let numbers = Set(discs.map(\.points))
    let texts = drawing.picture.marks.filter { $0.kind == "text" }
    for bath in baths { #expect(texts.contains { $0.words == bath.0 }) }
    for (place, text) in texts.enumerated() {
      let frame = text.frame
      #expect(frame.left >= 0 && frame.right <= drawing.picture.width && frame.top >= 0, "\(text.words)")
      #expect(frame.bottom <= drawing.picture.height)
      for other in texts[..<place] {
        let apart =
          other.frame.left >= frame.right || other.frame.right <= frame.left || other.frame.top >= frame.bottom
          || other.frame.bottom <= frame.top
        #expect(apart, "\(text.words) lies on \(other.words)")
      }
      // The number of a site is meant to lie on it.
      for disc in discs where !numbers.contains(text.points) {
        let x = max(frame.left - disc.points[0][0], 0, disc.points[0][0] - frame.right)
        let y = max(frame.top - disc.points[0][1], 0, disc.points[0][1] - frame.bottom)
        #expect(x * x + y * y > (disc.radius ?? 0) * (disc.radius ?? 0), "\(text.words) lies on a site")
      }
    }
    for (place, disc) in discs.enumerated() {
      for other in discs[..<place] {
        let (x, y) = (disc.points[0][0] - other.points[0][0], disc.points[0][1] - other.points[0][1])
        #expect((x * x + y * y).squareRoot() > (disc.radius ?? 0) + (other.radius ?? 0))
      }
    }
  }

  @Test("Arrows point where the heat goes, and there is none within two errors of zero")
  func arrows() throws {
    let network = Network(lattice: .chain(2))
    func tips(_ current: Double, error: Double = 0.1) throws -> [Double] {
      let figure = try SampleNetwork.figures(network, current: current, error: error).figure(.network)
      return try ReadDrawing(figure).arrows.map { $0[0][0] - $0[1][0] }
    }
    let forward = try tips(1)
    #expect(forward.count == 1 && forward[0] > 0)
    #expect(try tips(-1) == forward.map { -$0 })
    #expect(try tips(1, error: 0.49).count == 1)
    #expect(try tips(1, error: 0.51).isEmpty)
    #expect(try tips(0, error: 0).isEmpty)
  }

  @Test("Colours go from the coldest to the hottest, whatever the unit")
  func units() throws {
    let (network, baths) = SampleNetwork.all[4]
    let drawing = try ReadDrawing(SampleNetwork.figures(network, baths: baths).figure(.network))
    #expect(drawing.discs.first?.color == "#0072b2" && drawing.discs.last?.color == "#d55e00")
    #expect(Set(drawing.discs.map(\.color)).count == 8)
    for unit in [0x1p-60, 0x1p40] {
      let other = try ReadDrawing(SampleNetwork.figures(network, baths: baths, unit: unit).figure(.network))
      #expect(other.discs.map(\.color) == drawing.discs.map(\.color))
      #expect(other.discs.map(\.radius) == drawing.discs.map(\.radius))
    }
  }

  @Test("Places of a graph by hand: neighbours near, the same bits again")
  func places() throws {
    let graph = try #require(SampleNetwork.figures(SampleNetwork.byHand).figure(.network).graph)
    let again = try #require(SampleNetwork.figures(SampleNetwork.byHand).figure(.network).graph)
    #expect(graph.sites.map(\.x) == again.sites.map(\.x) && graph.sites.map(\.y) == again.sites.map(\.y))
    func distance(_ first: Int, _ second: Int) -> Double {
      let (x, y) = (graph.sites[first].x - graph.sites[second].x, graph.sites[first].y - graph.sites[second].y)
      return (x * x + y * y).squareRoot()
    }
    for bond in graph.bonds { #expect(distance(bond.first, bond.second) < 2.5) }
    let pairs: Set<[Int]> = Set(graph.bonds.map { [$0.first, $0.second] })
    let all: [[Int]] = (0..<12).flatMap { second in (0..<second).map { first in [first, second] } }
    let strangers = all.filter { !pairs.contains($0) }
    func mean(_ lengths: [Double]) -> Double { lengths.reduce(0, +) / Double(lengths.count) }
    #expect(mean(strangers.map { distance($0[0], $0[1]) }) > 1.5 * mean(pairs.map { distance($0[0], $0[1]) }))
    // A chain that a bond closes is no row any more: the bond would lie on its sites.
    let closed = try #require(SampleNetwork.figures(SampleNetwork.all[2].network).figure(.network).graph)
    #expect((closed.sites.map(\.y).max() ?? 0) - (closed.sites.map(\.y).min() ?? 0) > 3)
  }

  @Test("The table has sites, bonds and baths, with errors")
  func table() throws {
    let figure = try SampleNetwork.figures(Network(lattice: .ring(3)), baths: [("a-b", 1)]).figure(.network)
    let rows = figure.commaSeparatedValues.split(separator: "\n").filter { !$0.hasPrefix("#") }
    #expect(rows.first == "item,name,site,other,x,y,value,error" && rows.count == 1 + 3 + 3 + 1)
    #expect(rows[1].hasPrefix("site,1,1,,0.0,0.57735,1.1,0.01"))
    #expect(rows[5] == "bond,1-3,1,3,,,1.0,0.1")
    #expect(rows[7].hasPrefix("bath,a-b,1,,"))
    for row in rows.dropFirst() { #expect(row.split(separator: ",", omittingEmptySubsequences: false).count >= 8) }
  }

  @Test("A reservoir has the temperature of its site, and what drives a site has none")
  func temperaturesOfBaths() throws {
    let others = [
      Contact("free", site: 2, .init(SelfConsistentBath(friction: 1))),
      Contact("active", site: 3, .init(ActiveBath(friction: 1, amplitude: 3, correlationTime: 2))),
    ]
    let figure = try SampleNetwork.figures(Network(lattice: .chain(3)), others: others).figure(.network)
    let baths = try #require(figure.graph?.baths)
    #expect(baths.map(\.name) == ["hot", "free", "active"] && baths.map(\.temperature) == [1.1, 1.2, nil])
    #expect(figure.commaSeparatedValues.contains("bath,active,3,,2.0,0.0,,\n"))
  }

  @Test("Of a sweep the first point is drawn, or the one that is asked for")
  func points() throws {
    var network = Network(lattice: .ring(3), bond: "w*r^2/2")
    network.parameters = [.init("w", 1)]
    let first = try SampleNetwork.figures(network, weights: [1, 2]).figure(.network)
    #expect(first.caption.contains("Point 1 of 2: w = 1.") && first.graph?.bonds[0].current == 1)
    let second = try SampleNetwork.figures(network, .init(point: 2), weights: [1, 2])
    #expect(try second.figure(.network).graph?.bonds[0].current == 2)
    #expect(try second.figure(.bondCurrent).curves.count == 1)
    let third = try SampleNetwork.figures(network, .init(point: 3), weights: [1, 2])
    #expect(third.reasonAgainst(.network) == "point 3 of 2 has neither temperatures of sites nor currents")
  }

  @Test("Profiles along chains and rings; elsewhere there is a reason")
  func profiles() throws {
    let ring = try SampleNetwork.figures(Network(lattice: .ring(5))).figure(.bondCurrent)
    let points = try #require(ring.curves.first?.points)
    // Heat from 1 to 5 is heat that does not go from 5 on to 1.
    #expect(points.map(\.x) == [1, 2, 3, 4, 5] && points.map(\.y) == [1, 1, 1, 1, -1])
    let across = Network(lattice: .chain(4), bonds: [BondRule(between: 1, 4)])
    #expect(try SampleNetwork.figures(across).figure(.bondCurrent).curves.first?.points.map(\.x) == [1, 2, 3])
    // A chord from the first site is not the bond that closes a ring, and the caption says that it is missing.
    let chord = try SampleNetwork.figures(Network(lattice: .ring(5), bonds: [BondRule(between: 1, 3)])).figure(
      .bondCurrent)
    #expect(chord.curves.first?.points.map(\.x) == [1, 2, 3, 4, 5])
    #expect(chord.caption.contains("Bonds between other sites are left out.") && !ring.caption.contains("left out"))
    let square = try SampleNetwork.figures(Network(lattice: .square(columns: 2, rows: 2)))
    for kind in [StudyFigures.Kind.temperatureProfile, .bondCurrent] {
      #expect(
        square.reasonAgainst(kind)
          == "the sites of a network are in a row only on a chain or a ring, not on square: the figure network draws them"
      )
    }
    #expect(square.kinds == [.network])
  }

  @Test("What is no network, or too large, is refused in words")
  func refused() throws {
    #expect(try SampleStudy.lineFigures().reasonAgainst(.network) == "the medium is no network")
    let large = try SampleNetwork.figures(Network(lattice: .square(columns: 21, rows: 20)))
    #expect(large.reasonAgainst(.network)?.hasPrefix("420 sites and 799 bonds have no room in a picture") == true)
    let few = try SampleNetwork.figures(Network(lattice: .chain(3)), .init(methods: [.markov]))
    #expect(few.reasonAgainst(.network) == "no point has temperatures of sites or currents through bonds")
  }

  @Test("gnuplot draws it, with the same bytes again", .enabled(if: (try? FigureRenderer()) != nil))
  func drawn() throws {
    let baths = [("a_very-long-name-of-a-bath", 1)]
    let figure = try SampleNetwork.figures(SampleNetwork.byHand, baths: baths).figure(.network)
    let folder = FileManager.default.temporaryDirectory.appending(path: "ness-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try ["one", "two"].map { try FigureRenderer().render(figure, into: folder.appending(path: $0)) }
    for file in [\RenderedFigure.svg, \.pdf, \.png] {
      let bytes = try Data(contentsOf: files[0][keyPath: file])
      #expect(try bytes.count > 1000 && bytes == Data(contentsOf: files[1][keyPath: file]))
    }
  }
}
