// swift-tools-version: 6.2
import PackageDescription

// The engines work on SIMD vectors. NESS_CPU names the processor for which they are compiled: `make` says `native`, this
// machine's; NESS_CPU=x86-64-v3 is for a mixed cluster. Without it, as a package that depends on Ness builds them, they are
// compiled for every processor of the kind and work more slowly (README, "In a Swift program"). Fused multiply-add is
// always written out, so all give the same bytes.
let vectorUnit: [SwiftSetting] =
  Context.environment["NESS_CPU"].map { processor in
    [.unsafeFlags(["-Xcc", "-march=\(processor)", "-Xcc", "-mprefer-vector-width=512"], .when(platforms: [.linux]))]
  } ?? []

let package = Package(
  name: "ness",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "ness", targets: ["NessProgram"]), .library(name: "Ness", targets: ["Ness"]),
  ],
  // Exact, for Package.resolved is not kept: it would name commits, which mirrors of packages do not have (Documentation/Versions.md).
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CLAPACK", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(name: "CVectorMath"),
    .target(name: "NessMath", dependencies: [.target(name: "CLAPACK", condition: .when(platforms: [.linux]))]),
    .target(name: "NessRandom", dependencies: ["CVectorMath"], swiftSettings: vectorUnit),
    .target(name: "NessStatistics"),
    .target(name: "NessSampling", dependencies: ["NessStatistics"]),
    .target(name: "NessFormula", dependencies: ["CVectorMath"], swiftSettings: vectorUnit),
    .target(name: "NessModel", dependencies: ["NessFormula", "NessMath", "NessRandom", "NessStatistics"]),
    .target(
      name: "NessTrajectory", dependencies: ["NessModel", "NessFormula", "NessRandom", "NessSampling", "CVectorMath"],
      swiftSettings: vectorUnit),
    .target(
      name: "NessLinear",
      dependencies: ["NessFormula", "NessModel", "NessMath"],
      swiftSettings: vectorUnit),
    .target(
      name: "NessKinetic", dependencies: ["NessModel", "NessMath", "NessRandom", "NessSampling", "CVectorMath"],
      swiftSettings: vectorUnit),
    .target(name: "NessLindblad", dependencies: ["NessModel", "NessMath", "CVectorMath"], swiftSettings: vectorUnit),
    .target(name: "NessFiles", dependencies: ["NessModel", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "NessStore", dependencies: ["NessFiles", "NessSampling", .product(name: "GRDB", package: "GRDB.swift")]),
    .target(name: "NessReport", dependencies: ["NessFiles"]),
    .target(
      name: "NessStudy",
      dependencies: [
        "NessSampling", "NessTrajectory", "NessLinear", "NessKinetic", "NessLindblad", "NessFiles", "NessStore",
      ]),
    .target(name: "NessPapers", dependencies: ["NessSampling", "NessStudy", "NessReport"]),
    .target(name: "Ness", dependencies: ["NessStudy", "NessReport"]),
    .target(name: "NessCluster", dependencies: ["NessSampling", "NessStudy"]),
    .target(name: "NessScenes", dependencies: ["NessTrajectory", "NessKinetic", "NessFiles", "NessReport"]),
    .target(
      name: "NessBenchmarks",
      dependencies: ["NessSampling", "NessTrajectory", "NessLinear", "NessKinetic", "NessLindblad"]),
    .target(
      name: "NessExplorer",
      dependencies: [
        "Ness", "NessSampling", "NessStudy", "NessPapers", "NessScenes", "NessReport",
        .product(name: "Hummingbird", package: "hummingbird"),
      ],
      resources: [.copy("Page"), .copy("Presets")]),
    .target(
      name: "NessCommand",
      dependencies: [
        "NessSampling", "NessStudy", "NessPapers", "NessCluster", "NessBenchmarks", "NessReport", "Ness",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "NessProgram",
      dependencies: [
        "NessCommand", "NessExplorer", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Built first by `make run`: what a first figure needs does not wait for the server of the explorer.
    .executableTarget(
      name: "NessWithoutExplorer",
      dependencies: ["NessCommand", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .target(name: "NessTestSupport", dependencies: ["NessModel", "NessSampling", "NessStatistics"]),
    .target(name: "NessStudyTestSupport", dependencies: ["NessStudy", "NessTestSupport"]),
    .testTarget(name: "NessMathTests", dependencies: ["NessMath", "NessTestSupport"]),
    .testTarget(
      name: "NessRandomTests", dependencies: ["NessRandom", "CVectorMath", "NessStatistics", "NessTestSupport"],
      swiftSettings: vectorUnit),
    .testTarget(name: "NessStatisticsTests", dependencies: ["NessStatistics", "NessTestSupport"]),
    .testTarget(
      name: "NessSamplingTests", dependencies: ["NessSampling", "NessRandom", "NessStatistics", "NessTestSupport"]),
    .testTarget(name: "NessFormulaTests", dependencies: ["NessFormula"], swiftSettings: vectorUnit),
    .testTarget(name: "NessModelTests", dependencies: ["NessModel", "NessTestSupport"]),
    .testTarget(
      name: "NessTrajectoryTests",
      dependencies: [
        "NessTrajectory", "NessFormula", "NessLinear", "NessMath", "NessRandom", "NessSampling", "NessTestSupport",
      ]),
    .testTarget(name: "NessLinearTests", dependencies: ["NessLinear", "NessMath", "NessTestSupport"]),
    .testTarget(name: "NessKineticTests", dependencies: ["NessKinetic", "NessSampling", "NessTestSupport"]),
    .testTarget(name: "NessLindbladTests", dependencies: ["NessLindblad", "NessMath", "NessTestSupport"]),
    .testTarget(
      name: "NessCatalogueTests",
      dependencies: ["NessFiles", "NessStore", "NessStudy", "NessReport", "NessModel", "NessStatistics"]),
    .testTarget(name: "NessFilesTests", dependencies: ["NessFiles", "NessTestSupport"]),
    .testTarget(
      name: "NessStoreTests",
      dependencies: ["NessStore", "NessTestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
    .testTarget(
      name: "NessStudyTests",
      dependencies: [
        "NessStudy", "NessSampling", "NessTrajectory", "NessKinetic", "NessRandom", "NessStudyTestSupport",
      ]),
    .testTarget(
      name: "NessTests", dependencies: ["Ness", "NessFiles", "NessReport", "NessStore", "NessStudy", "NessTestSupport"]),
    .testTarget(name: "NessPapersTests", dependencies: ["NessPapers", "NessStudyTestSupport"]),
    .testTarget(name: "NessClusterTests", dependencies: ["NessCluster", "NessTestSupport"]),
    .testTarget(name: "NessScenesTests", dependencies: ["NessScenes", "NessTestSupport"]),
    .testTarget(name: "NessBenchmarksTests", dependencies: ["NessBenchmarks", "NessTestSupport"]),
    .testTarget(name: "NessReportTests", dependencies: ["NessReport", "NessTestSupport"]),
    .testTarget(
      name: "NessExplorerTests",
      dependencies: ["NessExplorer", "NessTestSupport", .product(name: "Hummingbird", package: "hummingbird")]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "NessProgram", "NessWithoutExplorer", "NessFiles", "NessStore", "NessTestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
