import Foundation
import NessKinetic
import NessLindblad
import NessLinear
import NessModel

/// The only list of solvers that answer without sampling: which one stands for which methods on which medium.
enum ExactSolvers {
  /// Largest total of (2 sites)³ over the points of a study for which the profile along a chain is computed unasked.
  static let profileBudget = 3e7

  /// The answers of a model by the asked methods, or by all that apply at no great cost.
  ///
  /// - Parameters:
  ///   - methods: methods that were asked for; nil for those that apply.
  ///   - profile: whether to add profiles along a chain and the populations of a quantum box.
  /// - Returns: the answer, and the refusals that the user should see: of what was asked, or of a theory that breaks down.
  static func answer(
    _ model: AnyModel, methods: Set<NessModel.Method>?, profile: Bool
  ) throws -> (answer: Answer, refusals: [Refusal]) {
    switch model {
    case .chain(let chain):
      let solver = LinearSolver(profile: profile, methods: methods ?? LinearSolver.allMethods)
      let refusals = solver.refusals(of: chain)
      // Unasked, a method that does not apply is simply absent; a theory that breaks down is always said.
      let shown = methods == nil ? refusals.filter { $0.method == .markov } : refusals
      return (try solver.solve(chain), shown + foreign(methods, LinearSolver.allMethods, "a chain"))
    case .box(let box):
      let known: [NessModel.Method: any BoxSolver] = [.renewal: RenewalSolver(), .kernel: KernelSolver()]
      let wanted = methods ?? [box.hasMetropolisWall ? .kernel : .renewal]
      var answers = Answer()
      var refusals = foreign(methods, Set(known.keys), "a classical box")
      for method in NessModel.Method.allCases where wanted.contains(method) {
        guard let solver = known[method] else { continue }
        let reasons = solver.refusals(of: box)
        refusals += reasons
        if !reasons.isEmpty { continue }
        let answer = try solver.solve(box)
        answers.entries += answer.entries
        answers.notes += answer.notes
      }
      answers.leaveOutNonFinite()
      return (answers, refusals)
    case .quantumBox(let box):
      let solver = LindbladSolver(methods: methods ?? [.davies], populations: profile)
      let refusals = solver.refusals(of: box)
      return (try solver.solve(box), refusals + foreign(methods, LindbladSolver.allMethods, "a quantum box"))
    }
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
private protocol BoxSolver: Solver where Substance == Box {}

extension RenewalSolver: BoxSolver {}
extension KernelSolver: BoxSolver {}

extension BoxModel {
  /// Whether a wall thermalises by Metropolis moves, so that there is no renewal at every collision.
  var hasMetropolisWall: Bool {
    attachments.contains { if case .metropolis = $0.bath { true } else { false } }
  }
}
