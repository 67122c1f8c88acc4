package dev.weir.dataplane.listener;

import dev.weir.dataplane.codec.RequestHandler;
import dev.weir.dataplane.codec.ServerLimits;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.model.Listener;
import dev.weir.dataplane.telemetry.ConnectionMetrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/** A listening socket. May be used from any thread but an event loop. */
public final class OpenListener implements AutoCloseable {
  private static final int BACKLOG = 4096;

  /** How much of a reply may wait for a slow client before its upstream is left alone. */
  private static final WriteBufferWaterMark WRITE_MARKS =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final Listener listener;
  private final Channel channel;

  private OpenListener(Listener listener, Channel channel) {
    this.listener = listener;
    this.channel = channel;
  }

  /**
   * What connections of a listener work with.
   *
   * @param loops accept, and carry the connections
   * @param forwarded who is believed about clients now
   * @param tls the terms that hold now, for listeners that speak TLS
   * @param door who may connect
   */
  public record Services(
      EventLoopGroup loops,
      Transport transport,
      Connections connections,
      Supplier<ForwardedTrust> forwarded,
      Supplier<ServerLimits> limits,
      RequestHandler handler,
      ConnectionMetrics metrics,
      Supplier<TlsTerms> tls,
      ClientDoor door) {}

  /**
   * Binds. {@code ::} takes IPv4 clients too.
   *
   * @param reportedPort what upstreams are told; 0 for the port that is connected to
   * @throws BindFailure if the address or port can't be had
   */
  public static OpenListener bind(Listener listener, int reportedPort, Services services)
      throws BindFailure {
    var pipeline = new ClientPipeline(services, listener.tls(), reportedPort);
    var bound =
        new ServerBootstrap()
            .group(services.loops)
            .channel(services.transport.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .handler(new AcceptGate(services.door))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
            .childHandler(pipeline)
            .bind(new InetSocketAddress(listener.address(), listener.port()))
            .awaitUninterruptibly();
    var cause = bound.cause();
    if (cause != null) {
      throw new BindFailure(listener, cause);
    }
    return new OpenListener(listener, bound.channel());
  }

  /** Whether connections are accepted from now on; others wait in the system's queue. */
  public void accept(boolean on) {
    if (channel.isOpen()) {
      channel.config().setAutoRead(on);
    }
  }

  /** As configured. */
  public Listener listener() {
    return listener;
  }

  /** The port that it has. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Accepts no more; open connections go on. */
  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }
}
