extension Figure {
  /// A network in the place of curves: sites with temperatures, bonds with currents, baths.
  package struct Graph: Codable, Sendable {
    /// A site and where it stands.
    package struct Site: Codable, Sendable {
      /// Place in the picture, x to the right and y upwards, a bond being about 1 long [1].
      package var x: Double
      package var y: Double
      /// Kinetic temperature with its error [energy]; nil where it is not known.
      package var temperature: Double?
      package var error: Double?

      /// A site at a place, whose temperature may be known.
      package init(x: Double, y: Double, temperature: Double? = nil, error: Double? = nil) {
        (self.x, self.y, self.temperature, self.error) = (x, y, temperature, error)
      }
    }

    /// What joins two sites.
    package struct Bond: Codable, Sendable {
      /// Its sites, counted from 0, the smaller one first.
      package var first: Int
      package var second: Int
      /// Heat per time from the first to the second with its error [energy/time]; nil where it is not known.
      package var current: Double?
      package var error: Double?

      /// A bond whose current may be known.
      package init(_ first: Int, _ second: Int, current: Double? = nil, error: Double? = nil) {
        (self.first, self.second, self.current, self.error) = (first, second, current, error)
      }

      /// The current if it is two errors or more away from zero.
      var certainCurrent: Double? { current.flatMap { $0 != 0 && abs($0) >= 2 * (error ?? 0) ? $0 : nil } }
    }

    /// A bath on a site.
    package struct Bath: Codable, Sendable {
      /// Its name.
      package var name: String
      /// Its site, counted from 0.
      package var site: Int
      /// Its temperature [energy]; nil of one that has none, or where it is not known.
      package var temperature: Double?

      /// A bath on a site (from 0).
      package init(_ name: String, site: Int, temperature: Double?) {
        (self.name, self.site, self.temperature) = (name, site, temperature)
      }
    }

    package var sites: [Site]
    package var bonds: [Bond]
    package var baths: [Bath]

    /// A network as it is drawn.
    package init(sites: [Site], bonds: [Bond], baths: [Bath]) {
      (self.sites, self.bonds, self.baths) = (sites, bonds, baths)
    }
  }
}
