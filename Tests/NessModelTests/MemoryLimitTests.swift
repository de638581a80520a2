import Foundation
import NessModel
import Testing

@Suite("The memory that a process may have")
struct MemoryLimitTests {
  private static let files = [
    "/sys/fs/cgroup/memory/slurm/memory.limit_in_bytes": "4000000000\n",
    "/sys/fs/cgroup/memory/slurm/job/memory.limit_in_bytes": "2000000000\n",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
    "/sys/fs/cgroup/slice/memory.max": "3000000000\n", "/sys/fs/cgroup/slice/job/memory.max": "max\n",
  ]

  private func bytes(_ groups: String) -> [Double] {
    MemoryLimit.limits(ofGroups: groups) { Self.files[$0] }.map(\.bytes).sorted()
  }

  @Test("every control group from the root down counts, in both versions")
  func groups() {
    #expect(bytes("4:cpu:/slurm/job\n5:memory:/slurm/job\n") == [2e9, 4e9])
    #expect(bytes("5:hugetlb,memory:/slurm\n") == [4e9])
    #expect(bytes("0::/slice/job\n") == [3e9])
    #expect(bytes("0::/\n5:memory:/\n").isEmpty && bytes("").isEmpty && bytes("nonsense").isEmpty)
  }

  @Test("what fits is not refused, and what is refused is told with its size and the limit")
  func reason() throws {
    let limit = MemoryLimit.current
    #expect(limit.bytes > 0 && limit.bytes <= Double(ProcessInfo.processInfo.physicalMemory))
    #expect(memoryReason("8 replicas", bytes: 1e6, remedy: "use fewer") == nil)
    let reason = try #require(memoryReason("8 replicas", bytes: 1e15, remedy: "use fewer"))
    #expect(
      reason.contains("8 replicas need 1e+06 GB") && reason.hasSuffix("use fewer") && reason.contains(limit.words))
  }
}
