import NessFiles
import NessModel
import NessStudy

/// A kind of medium or of bath, as experiment files name it.
public struct Kind: Sendable, Hashable {
  /// Its name in files, for example `chain`.
  public let name: String
  /// What it is.
  public let meaning: String
  /// The kinds of bath that can touch a medium; empty for a bath.
  public let baths: [String]

  /// The kinds of medium.
  public static var media: [Kind] {
    NessModel.Catalogue.media.map { medium in
      Kind(
        name: medium.kind.key, meaning: medium.kind.meaning,
        baths: NessModel.Catalogue.baths(touching: medium).map { $0.kind.key })
    }
  }

  /// The kinds of bath.
  public static var baths: [Kind] {
    NessModel.Catalogue.baths.map { Kind(name: $0.kind.key, meaning: $0.kind.meaning, baths: []) }
  }
}

extension Kind {
  /// Every kind with its parameters, and what can be asked of a medium, for programs that show or check them.
  package static var schema: CatalogueSchema { CatalogueSchema(answers: SolverCatalogue.answers) }
}
