import NessFiles
import NessModel

// MARK: - A network with its temperatures and currents

extension StudyFigures {
  /// The largest network that a picture has room for.
  private static let (mostSites, mostBonds) = (400, 2000)

  /// The network of a medium that is one.
  private var medium: Network? { experiment?.medium.solved.base as? Network }

  func network() throws(StudyFigureError) -> Figure {
    guard medium != nil else {
      throw StudyFigureError(
        experiment == nil
          ? "the file of the study cannot be read, so its graph is not known" : "the medium is no network")
    }
    let quantities: [Quantity] = [.all(.kineticTemperature), .all(.bondHeatCurrent)]
    let holders = document.points.enumerated().filter {
      best(quantities[0], at: $1) != nil || best(quantities[1], at: $1) != nil
    }
    guard let (number, point) = holders.first(where: { (options.point ?? $0.offset + 1) == $0.offset + 1 }),
      let model = model(at: point)?.network
    else {
      throw StudyFigureError(
        options.point.map { "point \($0) of \(document.points.count) has neither temperatures of sites nor currents" }
          ?? "no point has temperatures of sites or currents through bonds")
    }
    let form = model.medium.form
    guard form.sites <= Self.mostSites, form.pairs.count <= Self.mostBonds else {
      throw StudyFigureError(
        "\(form.sites) sites and \(form.pairs.count) bonds have no room in a picture: at most \(Self.mostSites) and "
          + "\(Self.mostBonds)")
    }
    let temperatures = best(quantities[0], at: point)
    let currents = best(quantities[1], at: point)
    let graph = Self.graph(model, form, temperatures, currents)
    return Figure(
      identifier: "", title: "Temperatures and currents of the network",
      caption: "\(studyTitle)\(words(temperatures, currents))\(place(of: point, number))",
      horizontal: .init(label: "x", unit: "1"), vertical: .init(label: "T_n, kinetic temperature", unit: "energy"),
      curves: [], graph: graph)
  }

  /// What is drawn of a quantity: the best theory, else the simulation.
  private func best(_ quantity: Quantity, at point: PointResult) -> Answer.Entry? {
    let found = point.estimates.filter { entry in
      entry.quantity == quantity && entry.axes.count == 1 && options.methods?.contains(entry.method) ?? true
    }
    return found.bestTheory() ?? found.first { $0.method == .simulation }
  }

  private static func graph(
    _ model: NetworkModel, _ form: SiteNetwork, _ temperatures: Answer.Entry?, _ currents: Answer.Entry?
  ) -> Figure.Graph {
    func members(_ entry: Answer.Entry?) -> [String: (value: Double, error: Double)] {
      guard let entry else { return [:] }
      let pairs = entry.estimates.enumerated().map { (entry.axes[0].label($0), ($1.value, $1.error)) }
      return Dictionary(pairs) { first, _ in first }
    }
    let (warmths, flows) = (members(temperatures), members(currents))
    let places = NetworkPlaces(model.medium.lattice, pairs: form.pairs).places
    return Figure.Graph(
      sites: places.enumerated().map { site, place in
        let known = warmths["\(site + 1)"]
        return .init(x: place.x, y: place.y, temperature: known?.value, error: known?.error)
      },
      bonds: form.pairs.map { pair in
        let known = flows["\(pair.first + 1)-\(pair.second + 1)"]
        return .init(pair.first, pair.second, current: known?.value, error: known?.error)
      },
      baths: model.attachments.map { bath in
        // A self-consistent reservoir has the temperature of its site, and what drives a site has none.
        let temperature =
          bath.bath.law is SelfConsistentBath
          ? warmths["\(bath.site)"]?.value : bath.bath.law.isThermal ? bath.bath.temperature : nil
        return .init(bath.name, site: bath.site - 1, temperature: temperature)
      })
  }

  private func words(_ temperatures: Answer.Entry?, _ currents: Answer.Entry?) -> String {
    func source(_ entry: Answer.Entry) -> String {
      let words = claim(of: entry.method).sentence
      return entry.method == .simulation ? "simulation (\(words))" : words
    }
    var sentences: [String] = []
    if let temperatures {
      sentences.append("Colours of the sites: kinetic temperature by \(source(temperatures)); squares are baths.")
    }
    if let currents {
      let method = currents.method == temperatures?.method ? "" : " by \(source(currents))"
      sentences.append(
        "Bonds are the wider the more heat they carry\(method), and arrows point where it goes; there is none where the current "
          + "is less than two of its errors.")
    }
    return sentences.joined(separator: " ")
  }

  private func place(of point: PointResult, _ number: Int) -> String {
    guard let label = families.label(of: point, in: document) else { return "" }
    return " Point \(number + 1) of \(document.points.count): \(label)."
  }
}

// MARK: - Profiles of networks

extension StudyFigures {
  /// Where on the axis of a profile along the network a bond between two sites stands, and the sign that turns its current into
  /// one from each site to the next; nil for a bond across.
  ///
  /// - Throws: a reason, if the sites of the network are in no row.
  func alongNetwork() throws(StudyFigureError) -> ((_ bond: String) -> (place: Double, sign: Double)?)? {
    guard let medium else { return nil }
    let ring: Int?
    switch medium.lattice {
    case .chain: ring = nil
    case .ring: ring = medium.sites
    default:
      throw StudyFigureError(
        "the sites of a network are in a row only on a chain or a ring, not on \(medium.lattice.parts.name): the figure network "
          + "draws them")
    }
    return { bond in
      let sites = bond.split(separator: "-").compactMap { Int($0) }
      guard sites.count == 2 else { return nil }
      if sites[1] == sites[0] + 1 { return (Double(sites[0]), 1) }
      // The last bond of a ring goes from the last site to the first.
      return sites[0] == 1 && sites[1] == ring ? (Double(sites[1]), -1) : nil
    }
  }
}
