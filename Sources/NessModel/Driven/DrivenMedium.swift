import NessFormula

/// A medium that is driven: its parameters, or those of its baths, change with the time, the same after every period. It is no kind of
/// its own in files: a chain, a network or a system of levels is one beside a `drive`.
package protocol DrivenMedium: Medium {
  /// The medium as the file has it.
  var source: AnyMedium { get }
  /// The drive as the file has it.
  var drive: Drive { get }
  /// The same, read.
  var course: DriveCourse { get }
}

extension AnyModel {
  /// Its medium, if that is driven.
  package var drivenMedium: (any DrivenMedium)? { medium.base as? any DrivenMedium }
}

extension Model where MediumType: DrivenMedium {
  /// What every solver gives of the heats and the work of a driven medium.
  package var drivenOffers: [Offer] {
    let count = attachments.count
    let currentReason =
      terminals == nil
      ? "it is the heat from the left to the right of two baths, and there \(count == 1 ? "is one" : "are \(count)")"
      : medium.course.doesWork
        ? "the drive does work, so what one bath gives is not what the other takes: ask for heatFrom and power" : nil
    return [
      Offer(.heatCurrent, unless: currentReason), Offer(.heatFrom, .baths(attachments.map(\.name))),
      Offer(
        .power,
        unless: medium.course.doesWork ? nil : "the drive changes baths alone, which is no work"),
      Offer(.entropyProduction, unless: entropyReason),
    ]
  }

  /// Why heats over temperatures are no entropy; nil if they are.
  package var entropyReason: String? {
    if let other = attachments.first(where: { !$0.bath.law.isThermal }) {
      return "bath \(other.name) has no temperature"
    }
    let courses = medium.course.temperatures
    let cold = attachments.filter { attachment in
      guard let course = courses[attachment.name] else { return attachment.bath.temperature == 0 }
      guard let least = course.minimum(of: Drive.time, in: 0...medium.course.period) else { return true }
      return !(least.bound > 1e-6 * abs(course.value([Drive.time: least.place + 0.5 * medium.course.period])))
    }.map(\.name)
    return cold.isEmpty
      ? nil
      : "the temperature of \(cold.joined(separator: ", ")) is 0\(courses.isEmpty ? "" : " at some time"), where it is infinite"
  }

  /// Temperature of a bath at a time [energy].
  package func temperature(ofBath index: Int, at time: Double) -> Double {
    let attachment = attachments[index]
    return medium.course.temperatures[attachment.name]?.value([Drive.time: time]) ?? attachment.bath.temperature
  }
}
