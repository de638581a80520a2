/// Where the running sums of one replica of a network are kept, and what they mean.
///
/// Heat is credited by the very sub-step that moves the energy. Flows, kinetic temperatures and displacements are read after
/// every `stepsPerReading`th step, the energy at the end of a tick.
package struct NetworkLedger: Sendable {
  /// Steps between two entries of the sums into the record.
  static let stepsPerTick = Ledger.stepsPerTick

  let baths: Int
  let bonds: Int
  let sites: Int
  /// Heats whose innovations are followed.
  var followed = 0
  /// Whether work, entropy and stored energy of a drive are kept.
  var isDriven = false

  /// Channels that the steps of the motion add to.
  var measured: Int { baths + bonds + 2 * sites }
  /// Where the energy is, which is read once at the end of every tick.
  package var energy: Int { measured }
  package var channels: Int { firstOfDrive + (isDriven ? 3 : 0) }
  private var firstOfDrive: Int { measured + 1 + InnovationChannels.ofAHeat * followed }
  /// Work of a drive, the entropy of the heats, and what the medium stores more after a period.
  var work: Int { firstOfDrive }
  var entropy: Int { firstOfDrive + 1 }
  var energyChange: Int { firstOfDrive + 2 }
  var innovations: InnovationChannels { InnovationChannels(start: measured + 1) }
  package func heat(_ bath: Int) -> Int { bath }
  /// The bond at a place of the plan.
  package func bond(_ place: Int) -> Int { baths + place }
  package func kinetic(_ site: Int) -> Int { baths + bonds + site }
  package func displacement(_ site: Int) -> Int { baths + bonds + sites + site }
}
