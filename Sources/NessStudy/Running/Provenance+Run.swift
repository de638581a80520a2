import Foundation
import NessFiles
import NessModel
import NessStore

#if canImport(Glibc)
  import Glibc
#endif

extension Provenance {
  /// Who computes results here and now.
  ///
  /// - Parameters:
  ///   - source: the experiment file, if there is one.
  ///   - command: how the work was begun, to be repeated.
  package static func of(_ source: Experiment.Source?, command: String) -> Provenance {
    let host = ProcessInfo.processInfo
    return Provenance(
      ness: nessVersion, engine: EngineVersion.all.text,
      machine: "\(hostName): \(host.activeProcessorCount) cores, \(host.operatingSystemVersionString)",
      command: command, file: source?.file, text: source?.text)
  }

  /// Name of the machine; empty if it has none.
  package static var hostName: String {
    var name = [CChar](repeating: 0, count: 256)
    let isNamed = gethostname(&name, name.count - 1) == 0
    return isNamed ? name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" } : ""
  }
}
