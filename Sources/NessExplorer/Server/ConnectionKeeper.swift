import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Sees to one connection: tells a client that waits for it to send its body, notices a client that has gone, closes after the
/// last answer, and on a reader who takes nothing for a minute.
final class ConnectionKeeper: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// Said by whoever is about to read the body of a request whose client waits for that.
  struct BodyIsWanted: Sendable {}

  private static let patience = TimeAmount.seconds(60)
  /// Who has said all it has to say is taken for gone, unless the answer comes at once.
  private static let afterword = TimeAmount.milliseconds(200)
  /// Who still sends when it has its last answer is listened to a little longer: it would lose the answer otherwise.
  private static let lingering = TimeAmount.seconds(2)
  private var asked = 0
  private var answered = 0
  /// How many requests of this connection are answered.
  private var last = Int.max
  private var closing: Scheduled<Void>?

  func handlerAdded(context: ChannelHandlerContext) {
    do {
      let pipeline = context.pipeline.syncOperations
      let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
      try pipeline.addHandler(HeadReader(), position: .after(decoder))
    } catch {
      context.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      asked += 1
      if head.headerFields[.connection] == "close" { last = min(last, asked) }
    }
    context.fireChannelRead(data)
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    if event is BodyIsWanted {
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: promise)
    } else {
      context.triggerUserOutboundEvent(event, promise: promise)
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head):
      if head.headerFields[.connection] == "close" { last = min(last, answered + 1) }
      if answered + 1 >= last { head.headerFields[.connection] = "close" }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body: context.write(data, promise: promise)
    case .end:
      answered += 1
      guard answered >= last else { return context.write(data, promise: promise) }
      let sent = promise ?? context.eventLoop.makePromise()
      context.write(data, promise: sent)
      let channel = context.channel
      sent.futureResult.whenComplete { _ in
        channel.close(mode: .output, promise: nil)
        channel.eventLoop.scheduleTask(in: Self.lingering) { channel.close(promise: nil) }
      }
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    closing?.cancel()
    closing = nil
    if !context.channel.isWritable {
      let channel = context.channel
      closing = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event as? ChannelEvent == .inputClosed {
      let channel = context.channel
      context.eventLoop.scheduleTask(in: Self.afterword) { channel.close(promise: nil) }
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    closing?.cancel()
    closing = nil
    context.fireChannelInactive()
  }
}

/// Looks at the head of a request before the framework takes it apart, which keeps neither the version nor the whole target.
private final class HeadReader: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
    // The name in a target that is a whole address counts, not that of the field (RFC 9112, 3.2.2).
    if head.headers["Host"].count == 1, let name = Self.authority(of: head.uri) {
      head.headers.replaceOrAdd(name: "Host", value: String(name))
    }
    // HTTP/1.0 closes unless asked otherwise; beyond this only the field is looked at, and as one word.
    if !head.isKeepAlive { head.headers.replaceOrAdd(name: "Connection", value: "close") }
    context.fireChannelRead(wrapInboundOut(.head(head)))
  }

  private static func authority(of target: String) -> Substring? {
    guard !target.hasPrefix("/"), let scheme = target.range(of: "://") else { return nil }
    return target[scheme.upperBound...].prefix { !"/?#".contains($0) }
  }
}
