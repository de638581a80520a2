import Foundation
import NessStore
import Synchronization

/// The stores that this run of the program has opened.
enum OpenStores {
  private static let all = Mutex<[ResultStore]>([])

  /// Opens a store that is closed when the program ends, if nothing else is said.
  static func open(
    _ directory: String, _ opening: ResultStore.Opening = .creating, provenance: Provenance? = nil,
    untilTheEnd: Bool = true
  ) throws(StoreError) -> ResultStore {
    let store = try ResultStore(directory: directory, opening, provenance: provenance) {
      Console.note("warning: \($0)")
    }
    if untilTheEnd { all.withLock { $0.append(store) } }
    return store
  }

  /// A store in which results are only looked up; nil if there is none, or it cannot be read as it is.
  static func reading(_ directory: String) -> ResultStore? {
    guard ResultStore.exists(in: directory) else { return nil }
    do throws(StoreError) { return try ResultStore(readOnly: directory) } catch {
      Console.note("warning: \(error); finished points are not looked up")
      return nil
    }
  }

  /// Closes them.
  ///
  /// - Throws: `Failure` if something that was kept is lost.
  static func close() throws {
    let stores = all.withLock { stores in
      defer { stores = [] }
      return stores
    }
    var faults: [StoreError] = []
    for store in stores {
      do throws(StoreError) { try store.close() } catch { faults.append(error) }
    }
    if !faults.isEmpty { throw Failure(message: faults.map { "\($0)" }.joined(separator: "\n"), status: 1) }
  }
}

extension StoreError {
  /// How a command ends that meets it.
  var end: any Error { isOutage ? Failure(message: "\(self)", status: 1) : UnusableInput("\(self)") }
}
