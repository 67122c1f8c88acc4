package dev.weir.dataplane.listener;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.model.ForwardedTrust;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;

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

  private final OpenListener.Services services;
  private final boolean tls;
  private final int reportedPort;

  /**
   * Sets up.
   *
   * @param tls whether clients speak TLS
   * @param reportedPort what upstreams are told; 0 for the port that is connected to
   */
  ClientPipeline(OpenListener.Services services, boolean tls, int reportedPort) {
    this.services = services;
    this.tls = tls;
    this.reportedPort = reportedPort;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    var peer = peer(channel);
    var spares = services.connections().spares(channel.eventLoop());
    var connection =
        new ClientConnection(
            peer,
            new ClientConnection.Parts(
                services.limits(), services.handler(), services.metrics(), spares));
    var trust = services.forwarded().get();
    if (trust.proxyProtocol()) {
      ProxyHeader.expect(
          channel.pipeline(),
          trust.proxyProtocolTimeout().toNanos(),
          header -> {
            var origin = behind(peer, header, trust);
            connection.cameThrough(origin);
            return origin.equals(peer) || services.door().enters(channel, origin.address());
          });
    }
    if (tls) {
      channel
          .pipeline()
          .addLast(new TlsDetector(services.tls(), connection, services.metrics().handshakes()));
    }
    channel.pipeline().addLast(connection);
    services.connections().add(channel.eventLoop(), connection);
    channel
        .closeFuture()
        .addListener(closed -> services.connections().remove(channel.eventLoop(), connection));
  }

  private Downstream peer(SocketChannel channel) {
    int port = channel.localAddress() == null ? 0 : channel.localAddress().getPort();
    var remote = channel.remoteAddress();
    var address = remote == null ? IpAddress.NONE : IpAddress.of(remote.getAddress());
    var peer =
        new Downstream(
            channel.eventLoop(),
            address,
            remote == null ? "" : address.text(),
            tls,
            tls,
            port,
            reportedPort == 0 ? port : reportedPort);
    return remote == null ? peer : peer.from(remote.getPort());
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
