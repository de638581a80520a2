import NessModel
import Testing

@Suite struct ModelTests {
  @Test func everyFaultIsReportedAtOnce() {
    let chain = Chain(sites: 3, mass: -1, springConstant: 0, quarticConstant: -1, pinning: 1)
    let bath = ChainBath(LangevinBath(temperature: -2, friction: 0))
    let error = #expect(throws: ModelError.self) {
      try Model(medium: chain, attachments: [.init(name: "left", site: 7, bath: bath)])
    }
    #expect(
      error?.faults.map(\.parameter) == [
        "medium.mass", "medium.spring", "medium.quartic", "baths.left.temperature", "baths.left.friction",
        "baths.left.site",
      ])
  }
}
