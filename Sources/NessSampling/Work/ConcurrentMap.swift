import Dispatch

/// Runs `body` once for every index below `count`, on at most `threads` threads; results in order of the index.
///
/// Each index is handled by exactly one thread, and all threads end before the function returns, so `body` may work on
/// state that belongs to its index alone.
package func concurrentMap<Result>(count: Int, threads: Int, _ body: (Int) -> Result) -> [Result] {
  let workers = max(1, min(threads, count))
  var results = [Result?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { buffer in
    // Safe for the reason given above: no two workers touch the same slot.
    nonisolated(unsafe) let slots = buffer
    nonisolated(unsafe) let work = body
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      for index in stride(from: worker, to: count, by: workers) { slots[index] = work(index) }
    }
  }
  return results.compactMap { $0 }
}
