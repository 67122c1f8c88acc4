package dev.weir.dataplane.listener;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.Http1ServerConnection;
import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import dev.weir.tls.ServerTls;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of a client's connection, top to bottom:
 *
 * <ol>
 *   <li>on TLS ports, a look at the first byte, then TLS
 *   <li>HTTP/1
 * </ol>
 *
 * <p>It is never rebuilt because configuration changed: what may change is asked for at every
 * handshake or request.
 */
final class ClientPipeline extends ChannelInitializer<SocketChannel> {
  private final Connections connections;
  private final Supplier<ServerLimits> limits;
  private final RequestHandler handler;
  private final ConnectionMetrics metrics;
  private final @Nullable ServerTls tls;
  private final int reportedPort;

  /**
   * Sets up.
   *
   * @param tls null on plain ports
   * @param reportedPort what upstreams are told; 0 for the port that is connected to
   */
  ClientPipeline(
      Connections connections,
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionMetrics metrics,
      @Nullable ServerTls tls,
      int reportedPort) {
    this.connections = connections;
    this.limits = limits;
    this.handler = handler;
    this.metrics = metrics;
    this.tls = tls;
    this.reportedPort = reportedPort;
  }

  @Override
  protected void initChannel(SocketChannel channel) {
    int port = channel.localAddress() == null ? 0 : channel.localAddress().getPort();
    var downstream =
        new Downstream(
            channel.eventLoop(),
            channel.remoteAddress() == null ? "" : text(channel.remoteAddress().getAddress()),
            tls != null,
            port,
            reportedPort == 0 ? port : reportedPort);
    var connection = new Http1ServerConnection(downstream, limits, handler, metrics);
    if (tls != null) {
      channel.pipeline().addLast(new TlsDetector(tls, connection));
    }
    channel.pipeline().addLast(connection);
    connections.add(channel.eventLoop(), connection);
    channel
        .closeFuture()
        .addListener(closed -> connections.remove(channel.eventLoop(), connection));
  }

  /** The address in its shortest text; an IPv4 address that came by an IPv6 socket is IPv4. */
  static String text(InetAddress address) {
    var bytes = address.getAddress();
    if (!(address instanceof Inet4Address) && isMapped(bytes)) {
      try {
        return NetUtil.toAddressString(
            InetAddress.getByAddress(Arrays.copyOfRange(bytes, 12, bytes.length)));
      } catch (UnknownHostException e) {
        throw new IllegalStateException("four bytes are always an address", e);
      }
    }
    return NetUtil.toAddressString(address);
  }

  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }
}
