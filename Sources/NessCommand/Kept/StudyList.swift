import NessFiles
import NessReport
import NessStudy

/// `ness plot --list`: the studies of a store.
struct StudyList {
  let options: StoreOptions

  func print() throws {
    let all = try options.withStore { try StoredStudy.all(in: $0) }
    // Pieces of a paper are kept one by one; ness reproduce draws them.
    let studies = all.filter(\.isDrawable)
    if studies.count < all.count {
      Console.note(
        "\(all.count - studies.count) results of ness reproduce are not listed; it draws their figures itself")
    }
    switch options.format {
    case .json: Console.result(try ["studies": studies.map { StudyRow($0, namesFile: true) }].json())
    case .text:
      if studies.isEmpty { return Console.note("no results: ness run FILE.yaml computes and keeps them") }
      var table = TextTable(columns: [
        .init("study"), .init("title"), .init("swept"), .init("points", alignment: .right), .init("file"),
        .init("began"),
      ])
      for study in studies {
        table.append([
          study.identifier, study.title, study.parameters.joined(separator: ", "),
          "\(study.finished)", study.file ?? "", study.started ?? "",
        ])
      }
      Console.result(table.text())
    }
  }
}
