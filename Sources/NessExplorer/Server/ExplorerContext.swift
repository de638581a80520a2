import Hummingbird
import NIOCore

/// What handlers know of a request besides itself: the connection it came on.
struct ExplorerContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }

  /// Lets a client that waits for it send its body.
  func askForBody() { channel.triggerUserOutboundEvent(ConnectionKeeper.BodyIsWanted(), promise: nil) }

  /// Whether the client is still there.
  var isWanted: @Sendable () -> Bool { { [channel] in channel.isActive } }
}
