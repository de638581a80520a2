import Foundation
import NessKinetic
import NessLindblad
import NessLinear
import NessMath
import NessModel

/// The only list of solvers that answer without sampling: which one stands for which methods on which medium.
enum ExactSolvers {
  /// Largest total of sites² over the points of a study for which the profile along a chain is computed unasked.
  static let profileBudget = 1e5

  /// The answers of a model by the asked methods, or by all that apply at no great cost.
  ///
  /// - Parameters:
  ///   - methods: methods that were asked for; nil for those that apply.
  ///   - profile: whether to add profiles along a chain and the populations of a quantum box.
  ///   - onProgress: told the part of the work that is done, where a solver can tell.
  ///   - shouldStop: asked during long work; true ends it with `Interrupted`.
  /// - Returns: the answer, and the refusals that the user should see: of what was asked, or of a theory that breaks down. A
  ///   theory that fails is one of them, whatever the failure: it leaves the others and the simulation alone.
  /// - Throws: `Interrupted`.
  static func answer(
    _ model: AnyModel, methods: Set<NessModel.Method>?, profile: Bool,
    onProgress: @escaping @Sendable (Double) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> (answer: Answer, refusals: [Refusal]) {
    var answer = Answer()
    var failures: [Refusal] = []
    func add(_ method: NessModel.Method, _ part: () throws -> Answer) throws {
      do {
        let part = try part()
        answer.entries += part.entries
        answer.notes += part.notes
      } catch QuadratureError.stopped {
        throw Interrupted()
      } catch let interrupted as Interrupted {
        throw interrupted
      } catch {
        failures.append(Refusal(method, "the computation failed: \(error)"))
      }
    }
    if let chain = model.chain {
      var solver = LinearSolver(profile: profile, methods: methods ?? LinearSolver.allMethods)
      solver.shouldStop = shouldStop
      let refusals = solver.refusals(of: chain)
      // Unasked, a method that does not apply is simply absent; a theory that breaks down is always said.
      let shown = methods == nil ? refusals.filter { $0.method == .markov } : refusals
      let long = [NessModel.Method.markov, .memory].filter { method in
        solver.methods.contains(method) && !refusals.contains { $0.method == method }
      }
      for method in NessModel.Method.allCases where solver.methods.contains(method) {
        var one = solver
        one.methods = [method]
        let (start, share) = (long.firstIndex(of: method) ?? 0, 1 / Double(max(1, long.count)))
        one.onProgress = { onProgress((Double(start) + $0) * share) }
        try add(method) { try one.solve(chain) }
      }
      return (answer, shown + failures + foreign(methods, LinearSolver.allMethods, "a chain"))
    }
    if let box = model.box {
      let known: [NessModel.Method: any BoxSolver] = [.renewal: RenewalSolver(), .kernel: KernelSolver()]
      let wanted = methods ?? [box.hasMetropolisWall ? .kernel : .renewal]
      var refusals = foreign(methods, Set(known.keys), "a classical box")
      for method in NessModel.Method.allCases where wanted.contains(method) {
        guard let solver = known[method] else { continue }
        let reasons = solver.refusals(of: box)
        refusals += reasons
        if reasons.isEmpty { try add(method) { try solver.solve(box) } }
      }
      answer.leaveOutNonFinite()
      return (answer, refusals + failures)
    }
    if let box = model.quantumBox {
      let wanted = methods ?? [.davies]
      let solver = LindbladSolver(methods: wanted, populations: profile)
      let refusals = solver.refusals(of: box)
      let first = NessModel.Method.allCases.first { wanted.contains($0) && LindbladSolver.allMethods.contains($0) }
      try add(first ?? .davies) { try solver.solve(box) }
      return (answer, refusals + failures + foreign(methods, LindbladSolver.allMethods, "a quantum box"))
    }
    return (answer, foreign(methods, [], "a medium of kind \(model.medium.kind.key)"))
  }

  /// Most sites times baths of a chain whose theory is asked between the points of a sweep: a fifth of a second each.
  private static let mostWorkAskedBetween = 50_000

  /// The heat current of a model by a theory; nil where that refuses or would take long.
  static let heatCurrent: HeatCurrentTheory = { model, method in
    guard model.medium.sites * (model.attachments.count) <= mostWorkAskedBetween else { return nil }
    return try answer(model, methods: [method], profile: false).answer.estimate(.heatCurrent, by: method)
  }

  /// Refusals of methods that no solver of this medium knows.
  private static func foreign(
    _ methods: Set<NessModel.Method>?, _ known: Set<NessModel.Method>, _ medium: String
  ) -> [Refusal] {
    let names = NessModel.Method.allCases.filter(known.contains).map(\.rawValue).joined(separator: ", ")
    return NessModel.Method.allCases.filter { methods?.contains($0) == true && !known.contains($0) }
      .map { Refusal($0, "it does not apply to \(medium), which \(names) answer") }
  }
}

/// A solver of classical boxes.
private protocol BoxSolver: Solver where MediumType == Box {}

extension RenewalSolver: BoxSolver {}
extension KernelSolver: BoxSolver {}

extension BoxModel {
  /// Whether a wall thermalises by Metropolis moves, so that there is no renewal at every collision.
  var hasMetropolisWall: Bool {
    attachments.contains { if case .metropolis = $0.bath.collisionLaw { true } else { false } }
  }
}
