import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Sees to one connection: tells a client that waits for it to send its body, notices a client that has gone, and closes on
/// a reader who takes nothing for a minute.
final class ConnectionKeeper: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private static let patience = TimeAmount.seconds(60)
  /// Who has said all it has to say is taken for gone, unless the answer comes at once.
  private static let afterword = TimeAmount.milliseconds(200)
  private var unanswered = 0
  private var closing: Scheduled<Void>?

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) {
      // In the midst of an earlier answer there is no place for it; the client sends on by itself after a while.
      if unanswered == 0, head.isWaiting {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
      unanswered += 1
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { unanswered -= 1 }
    context.write(data, promise: promise)
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

extension HTTPRequest {
  /// Whether the client sends its body only when it is told to, and the body may be sent.
  fileprivate var isWaiting: Bool {
    guard headerFields[.expect]?.lowercased() == "100-continue" else { return false }
    return headerFields[.contentLength].flatMap(Int.init) ?? 0 <= Request.mostBytes
  }
}
