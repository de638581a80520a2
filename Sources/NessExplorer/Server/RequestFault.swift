import Foundation
import Hummingbird
import Ness
import NessFiles
import NessModel

/// Why a request cannot be answered, as it is told to the client.
package struct RequestFault: Error, Sendable {
  package let status: HTTPResponse.Status
  package let message: String
  package var faults: [FileFault] = []
  var headers: HTTPFields = [:]

  static func notFound(_ message: String) -> RequestFault { RequestFault(status: .notFound, message: message) }
  static func unusable(_ message: String) -> RequestFault {
    RequestFault(status: .unprocessableContent, message: message)
  }
  static func badRequest(_ message: String) -> RequestFault { RequestFault(status: .badRequest, message: message) }
  static func conflict(_ message: String) -> RequestFault { RequestFault(status: .conflict, message: message) }
  static func forbidden(_ message: String) -> RequestFault { RequestFault(status: .forbidden, message: message) }
  static func busy(_ message: String) -> RequestFault {
    RequestFault(status: .serviceUnavailable, message: message, headers: [.retryAfter: "1"])
  }
  static func tooLarge(_ message: String) -> RequestFault {
    RequestFault(status: .contentTooLarge, message: message, headers: [.connection: "close"])
  }

  /// What any error is to the client.
  package init(_ error: any Error) {
    switch error {
    case let fault as RequestFault: self = fault
    // Nobody is there to read it.
    case is CancellationError: self.init(status: .serviceUnavailable, message: "the request was given up")
    case let error as ExperimentError:
      self.init(status: .unprocessableContent, message: error.description, faults: error.faults)
    case let failure as Failure where failure.kind == .unusable: self = .unusable(failure.description)
    case let refusal as Refusal: self = .unusable(refusal.reason)
    case let error as HTTPError: self.init(status: error.status, message: error.body ?? error.status.reasonPhrase)
    case let error as any HTTPResponseError: self.init(status: error.status, message: error.status.reasonPhrase)
    default: self.init(status: .internalServerError, message: "\(error)")
    }
  }

  init(status: HTTPResponse.Status, message: String, faults: [FileFault] = [], headers: HTTPFields = [:]) {
    self.status = status
    self.message = message
    self.faults = faults
    self.headers = headers
  }

  static func unauthorized(_ message: String) -> RequestFault {
    var fault = RequestFault(status: .unauthorized, message: message)
    fault.headers[.wwwAuthenticate] = "Bearer realm=\"ness\""
    return fault
  }

  var response: Response {
    var response = Response(json: Body(message: message, faults: faults.map(Body.Fault.init)), status: status)
    response.headers.append(contentsOf: headers)
    return response
  }

  /// The same as the answer of a worker.
  var reply: Reply {
    let body = Body(message: message, faults: faults.map(Body.Fault.init))
    let text = (try? OrderedJSON.text(of: body, onOneLine: true)) ?? "{}"
    return Reply(status: status.code, body: Data(text.utf8))
  }

  private struct Body: Encodable {
    struct Fault: Encodable {
      let line: Int?
      let column: Int?
      let key: String
      let found: String
      let expected: String
      let remedy: String?

      init(_ fault: FileFault) {
        line = fault.line
        column = fault.column
        key = fault.key
        found = fault.found
        expected = fault.expected
        remedy = fault.remedy
      }
    }

    let message: String
    let faults: [Fault]?

    init(message: String, faults: [Fault]) {
      self.message = message
      self.faults = faults.isEmpty ? nil : faults
    }
  }
}

extension Response {
  /// An answer in JSON.
  init(json value: some Encodable, status: HTTPResponse.Status = .ok) {
    do {
      let text = try OrderedJSON.text(of: value, onOneLine: true)
      self.init(
        status: status, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    } catch {
      // A number that is not finite never leaves; its place is named.
      let text = "{\"message\": \(JSONText.quoted("\(error)"))}\n"
      self.init(
        status: .internalServerError, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
  }
}

/// A text as JSON.
private enum JSONText {
  static func quoted(_ text: String) -> String { (try? OrderedJSON.text(of: text, onOneLine: true)) ?? "\"\"" }
}
