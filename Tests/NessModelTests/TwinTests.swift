import NessModel
import Testing

@Suite("Classical and quantum twins")
struct TwinTests {
  private static let walls: [(classical: any CollisionBath, quantum: LindbladBath)] = [
    (MaxwellBath(temperature: 3), LindbladBath(temperature: 3, coupling: .maxwell, spectrum: .metropolis)),
    (
      MetropolisBath(temperature: 3, proposal: .energy, width: 7),
      LindbladBath(temperature: 3, coupling: .collision(width: 7), spectrum: .metropolis)
    ),
  ]

  private static func box(_ wall: any CollisionBath) throws -> AnyModel {
    AnyModel(
      try Model(
        medium: Box(length: 2, mass: 5),
        attachments: [
          .init(name: "left", site: 1, bath: WallBath(wall)),
          .init(name: "right", site: 2, bath: WallBath(MaxwellBath(temperature: 1))),
        ]))
  }

  @Test("a twin's twin is the model itself, and walls become their twins", arguments: walls.indices)
  func mutual(index: Int) throws {
    let model = try Self.box(Self.walls[index].classical)
    let twin = try #require(model.twin(hbar: 0.5))
    let quantum = try #require(twin.quantumBox)
    #expect(quantum.medium == QuantumBox(length: 2, mass: 5, hbar: 0.5))
    #expect(quantum.attachments.first?.bath == Self.walls[index].quantum)
    #expect(twin.twin(hbar: 1) == model)
  }

  @Test("every medium with a twin is the twin of that one; the others have none")
  func catalogue() {
    for medium in Catalogue.media {
      guard let twin = medium.twin else { continue }
      #expect(twin.twin?.kind.key == medium.kind.key)
    }
    #expect(Chain.twin == nil)
  }

  @Test("the classical limit is known where both walls thermalise at once, at rate 1")
  func limit() throws {
    let classical = try Self.box(MaxwellBath(temperature: 3))
    let quantum = try #require(classical.twin(hbar: 0.1))
    let limit = try #require(quantum.classicalLimit)
    #expect(limit.model == classical && limit.factor == 0.5)
    #expect(classical.classicalLimit == nil)
    #expect(try #require(Self.box(Self.walls[1].classical).twin(hbar: 0.1)).classicalLimit == nil)
  }
}
