// swift-tools-version: 6.2
import PackageDescription

// A program of its own that asks Ness. Elsewhere the dependency is
//   .package(url: ADDRESS, from: "0.2.0")
let package = Package(
  name: "heat-current",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "ness", path: "../..")],
  targets: [.executableTarget(name: "HeatCurrent", dependencies: [.product(name: "Ness", package: "ness")])]
)
