import Foundation

/// Why so many replicas cannot be simulated on this machine; nil if their memory fits [bytes].
package func memoryReason(replicas: Int, bytes: Double) -> String? {
  let available = Double(ProcessInfo.processInfo.physicalMemory)
  if bytes <= 0.8 * available { return nil }
  return "\(replicas) replicas of this model need \((bytes / 1e9).short) GB of memory and this machine has "
    + "\((available / 1e9).short): use fewer replicas and a longer duration"
}
