import NessFiles
import NessStudy
import Testing

extension Experiment {
  /// The first point of its study, simulated without a store, with what the file asks for.
  func firstPoint(threads: Int = 2) throws -> PointResult {
    let context = Study.RunContext(store: nil, onProgress: { _ in }, onNote: { _ in }, shouldStop: { false })
    var study = Study(self, threads: threads)
    study.questions = quantities
    return try #require(study.run(in: context).document.points.first)
  }
}
