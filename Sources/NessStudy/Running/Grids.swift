import Foundation

/// Numbers spaced evenly in their logarithm, both ends included.
package func logarithmicGrid(from first: Double, to last: Double, count: Int) -> [Double] {
  (0..<count).map { first * pow(last / first, Double($0) / Double(count - 1)) }
}

/// Numbers spaced evenly, both ends included.
package func linearGrid(from first: Double, to last: Double, count: Int) -> [Double] {
  (0..<count).map { first + (last - first) * Double($0) / Double(count - 1) }
}
