import ArgumentParser

/// A span of time as one writes it: 90, 90s, 10m, 2h.
struct TimeLimit: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let units = ["s": 1.0, "m": 60, "min": 60, "h": 3600]
    let unit = String(argument.drop { $0.isNumber || $0 == "." })
    guard let size = unit.isEmpty ? 1 : units[unit], let number = Double(argument.dropLast(unit.count)), number > 0
    else { return nil }
    seconds = number * size
  }
}
