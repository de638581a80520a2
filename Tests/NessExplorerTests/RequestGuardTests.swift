import Testing

@testable import NessExplorer

@Suite("Names of this server")
struct RequestGuardTests {
}
