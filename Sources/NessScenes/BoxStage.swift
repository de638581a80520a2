import NessFiles
import NessKinetic
import NessModel

/// A particle between thermal walls in motion: a group of eight replicas of a run, of which the first is shown.
struct BoxStage: SceneStage {
  /// Most flights of a frame; what comes after them comes in the next one.
  private static let mostFlights = 50
  /// Moves of both walls between two looks at the clock: some hundredths of a millisecond.
  private static let movesPerPiece = 1000.0

  let description: BoxSceneDescription
  private let model: BoxModel
  private let group: FlightGroup
  private let piece: Double
  private var time = 0.0
  private var heat = [0.0, 0.0]
  /// The flight in progress at time 0, until it has been shown.
  private var first: [BoxFrame.Flight]

  /// - Throws: `Refusal` if nothing moves.
  init(_ model: BoxModel, _ run: RunSettings) throws(Refusal) {
    if model.medium.isGas {
      throw Refusal(
        .simulation, "a box of several particles or of rods is not shown in motion yet; ness run simulates it")
    }
    if let reason = model.stillReason { throw Refusal(.simulation, reason) }
    self.model = model
    description = BoxSceneDescription(model)
    group = FlightGroup(model, seed: run.seed, firstReplica: 0)
    let moves = model.attachments.reduce(0) { $0 + Self.moves(of: $1.bath) }
    piece = Self.movesPerPiece / Double(moves) * KineticChoice(for: model).cycleTime
    let velocity = group.velocity(of: 0)
    let way = velocity > 0 ? group.position(of: 0) : model.medium.length - group.position(of: 0)
    first = [Self.flight(model, start: -way / abs(velocity), velocity: velocity)]
  }

  /// Random draws of a collision, roughly.
  private static func moves(of wall: WallBath) -> Int {
    switch wall.collisionLaw {
    case .maxwell: 1
    case .metropolis(let bath): bath.moves
    }
  }

  private static func flight(_ model: BoxModel, start: Double, velocity: Double) -> BoxFrame.Flight {
    BoxFrame.Flight(start: start, wall: model.attachments[velocity > 0 ? 0 : 1].name, speed: abs(velocity))
  }

  mutating func advance(by modelTime: Double) -> SceneFrame {
    let clock = FrameClock()
    var flights = first
    first = []
    var flown = 0.0
    while flown < modelTime, flights.count < Self.mostFlights {
      let collision = group.nextCollision(of: 0)
      flown = min(collision, modelTime, flown + piece)
      group.fly(until: flown)
      if collision <= flown {
        flights.append(Self.flight(model, start: time + flown, velocity: group.velocity(of: 0)))
      }
      // However slow the machine is, a frame goes on by a piece.
      if clock.isOver { break }
    }
    let sums = group.closeWindow(at: flown)
    heat[0] += sums[FlightGroup.Channel.heatFromLeft.rawValue][0]
    heat[1] += sums[FlightGroup.Channel.heatFromRight.rawValue][0]
    time += flown
    return .box(
      BoxFrame(
        time: time, flights: flights, position: max(0, min(model.medium.length, group.position(of: 0))),
        velocity: group.velocity(of: 0), energy: group.energy(of: 0), heat: heat))
  }
}
