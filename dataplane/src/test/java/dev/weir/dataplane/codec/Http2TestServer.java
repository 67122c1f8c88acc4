package dev.weir.dataplane.codec;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.IpAddress;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Connections of HTTP/2, or of HTTP/1, on a real socket, whose requests a test answers. One event
 * loop.
 */
final class Http2TestServer implements AutoCloseable {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, Transport.best().ioHandlerFactory());
  private final Channel listening;

  /**
   * Listens.
   *
   * @param send how long a client may take nothing
   */
  Http2TestServer(RequestHandler handler, Duration send) {
    this(HttpVersion.HTTP_2, handler, Duration.ofMinutes(1), send);
  }

  /**
   * Listens.
   *
   * @param version that is spoken
   * @param body how long the next piece of a body may take
   * @param send how long a client may take nothing
   */
  Http2TestServer(HttpVersion version, RequestHandler handler, Duration body, Duration send) {
    long minute = TimeUnit.MINUTES.toNanos(1);
    var limits =
        new ServerLimits(
            minute, 0, minute, body.toNanos(), send.toNanos(), UnusualFields.DEFAULT, false);
    var metrics = new Telemetry(TelemetrySettings.DEFAULT, Clock.systemUTC()).connections();
    listening =
        new ServerBootstrap()
            .group(loops)
            .channel(Transport.best().serverChannel())
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    var client =
                        new Downstream(channel.eventLoop(), IpAddress.NONE, "", false, false, 0, 0);
                    var counts = new ConnectionCounts(metrics);
                    var spares = new SpareHeads();
                    channel
                        .pipeline()
                        .addLast(
                            version == HttpVersion.HTTP_2
                                ? new Http2ServerConnection(
                                    client, () -> limits, handler, counts, spares)
                                : new Http1ServerConnection(
                                    client, () -> limits, handler, counts, spares));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  /** A client whose streams begin with that window. */
  Http2Client client(int window) throws Exception {
    return Http2Client.unsettled(port()).settle(window);
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
