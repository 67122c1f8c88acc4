package dev.weir.dataplane.listener;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of a client's connection, top to bottom:
 *
 * <ol>
 *   <li>with the PROXY protocol, its header
 *   <li>on TLS ports, a look at the first byte; where server names matter, at the first message;
 *       then TLS
 *   <li>HTTP/1 or HTTP/2, whichever the client speaks
 * </ol>
 *
 * <p>It is never rebuilt because configuration changed: what may change is asked for at every
 * handshake or request.
 */
final class ClientPipeline extends ChannelInitializer<SocketChannel> {
  private static final int HTTPS = 443;

  private final Connections connections;
  private final ClientDoor door;
  private final Supplier<ForwardedTrust> forwarded;
  private final Supplier<ServerLimits> limits;
  private final RequestHandler handler;
  private final ConnectionMetrics metrics;
  private final @Nullable Supplier<TlsTerms> tls;
  private final int reportedPort;

  /**
   * Sets up.
   *
   * @param door asked about clients that PROXY headers name
   * @param forwarded who is believed about clients; asked for at every connection
   * @param tls null on plain ports
   * @param reportedPort what upstreams are told; 0 for the port that is connected to
   */
  ClientPipeline(
      Connections connections,
      ClientDoor door,
      Supplier<ForwardedTrust> forwarded,
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionMetrics metrics,
      @Nullable Supplier<TlsTerms> tls,
      int reportedPort) {
    this.connections = connections;
    this.door = door;
    this.forwarded = forwarded;
    this.limits = limits;
    this.handler = handler;
    this.metrics = metrics;
    this.tls = tls;
    this.reportedPort = reportedPort;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    var peer = peer(channel);
    var spares = connections.spares(channel.eventLoop());
    var connection =
        new ClientConnection(peer, new ClientConnection.Parts(limits, handler, metrics, spares));
    var trust = forwarded.get();
    if (trust.proxyProtocol()) {
      ProxyHeader.expect(
          channel.pipeline(),
          trust.proxyProtocolTimeout().toNanos(),
          header -> {
            var origin = behind(peer, header, trust);
            connection.cameThrough(origin);
            return origin.equals(peer) || door.enters(channel, origin.address());
          });
    }
    if (tls != null) {
      channel.pipeline().addLast(new TlsDetector(tls, connection));
    }
    channel.pipeline().addLast(connection);
    connections.add(channel.eventLoop(), connection);
    channel
        .closeFuture()
        .addListener(closed -> connections.remove(channel.eventLoop(), connection));
  }

  private Downstream peer(SocketChannel channel) {
    int port = channel.localAddress() == null ? 0 : channel.localAddress().getPort();
    var remote = channel.remoteAddress();
    var address = remote == null ? IpAddress.NONE : IpAddress.of(remote.getAddress());
    return new Downstream(
        channel.eventLoop(),
        address,
        remote == null ? "" : address.text(),
        tls != null,
        tls != null,
        port,
        reportedPort == 0 ? port : reportedPort);
  }

  /** The client behind a peer that is trusted; everybody else speaks for himself only. */
  static Downstream behind(Downstream peer, ProxyHeader header, ForwardedTrust trust) {
    var client = header.client();
    if (client == null || !trust.peers().contains(peer.address())) {
      return peer;
    }
    return new Downstream(
        peer.loop(),
        client,
        client.text(),
        peer.tls(),
        peer.tls() || header.port() == HTTPS,
        header.port(),
        header.port());
  }
}
