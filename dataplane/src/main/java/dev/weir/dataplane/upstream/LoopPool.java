package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.SpareHeads;
import dev.weir.dataplane.codec.Transport;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.telemetry.TlsHandshakes;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The upstream connections of one event loop: idle ones by endpoint and TLS, newest used first, and
 * the deadlines of the streams under way.
 *
 * <p>Owned by its event loop. One coarse tick, running only while there is something to look at,
 * replaces a timer for each request.
 */
final class LoopPool implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LoopPool.class);

  private static final long TICK = 100_000_000L;
  private static final int TICKS_PER_SWEEP = 10;

  /** Unacknowledged bytes end a connection whose node is gone (hardening.md F12). */
  private static final int USER_TIMEOUT_MILLIS = 10_000;

  private final EventLoop loop;
  private final Transport transport;
  private final Supplier<ProxySettings.Keepalive> settings;
  private final TlsHandshakes handshakes;
  private final Bootstrap bootstrap;
  private final Map<LiveEndpoint, IdleConnections> idle = new HashMap<>();
  private final UnneededConnections unneeded;
  private final List<Http1Stream> watched = new ArrayList<>();
  private final SpareHeads spares = new SpareHeads();
  private int connects;
  private boolean ticking;
  private boolean closed;
  private int ticks;

  LoopPool(
      EventLoop loop,
      Transport transport,
      Supplier<ProxySettings.Keepalive> settings,
      TlsHandshakes handshakes) {
    this.loop = loop;
    this.handshakes = handshakes;
    this.unneeded = new UnneededConnections(loop);
    this.transport = transport;
    this.settings = settings;
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.clientChannel())
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .option(ChannelOption.AUTO_READ, false)
            // A failed write must not hide a reply that already arrived.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(Http1Connection.LOW_WATER, Http1Connection.HIGH_WATER))
            .handler(new NoHandler());
  }

  /** Opens a channel; the caller makes a connection of it. */
  ChannelFuture connect(LiveEndpoint endpoint, long timeoutNanos) {
    assert loop.inEventLoop();
    int millis = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
    bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis);
    transport.keepaliveTimes(connects++).forEach(bootstrap::option);
    bootstrap.option(
        ChannelOption.RECVBUF_ALLOCATOR, new ReplyReads(transport == Transport.IO_URING));
    var userTimeout = transport.userTimeout();
    if (userTimeout != null) {
      // It would also end a connect that is allowed to take longer.
      bootstrap.option(userTimeout, Math.max(USER_TIMEOUT_MILLIS, millis));
    }
    return bootstrap.connect(endpoint.address());
  }

  /**
   * Makes a connection of a connected channel.
   *
   * @param tls what is spoken on it already; null for nothing
   */
  Http1Connection adopt(
      LiveEndpoint endpoint, @Nullable UpstreamTls tls, SocketChannel channel, ServiceLoad load) {
    // io_uring would not look a second time, but wait for bytes that nobody asked for.
    boolean twice = transport == Transport.EPOLL && tls == null;
    var reads = channel.config().getRecvByteBufAllocator() instanceof ReplyReads mine ? mine : null;
    var connection = new Http1Connection(endpoint, tls, this, channel, load, twice ? reads : null);
    if (reads != null) {
      reads.limit(connection::parts, connection::mostRead);
      if (transport == Transport.IO_URING) {
        var _ = channel.closeFuture().addListener(closed -> reads.over());
      }
    }
    var gauge = channel.pipeline().get(RecordGauge.class);
    if (gauge != null) {
      gauge.tell(connection.part());
    }
    channel.pipeline().addLast(connection);
    return connection;
  }

  /** Where handshakes with endpoints are counted. */
  TlsHandshakes handshakes() {
    return handshakes;
  }

  /** Heads that connections of this loop use in turn. */
  SpareHeads spares() {
    return spares;
  }

  /** Whether a connection ends with its next request. */
  boolean isLastRequest(Http1Connection connection) {
    var keepalive = keepalive(connection.endpoint());
    return keepalive.connections() == 0
        || (keepalive.requests() > 0 && connection.requests() + 1 >= keepalive.requests());
  }

  private ProxySettings.Keepalive keepalive(LiveEndpoint endpoint) {
    var own = endpoint.keepalive();
    return own == null ? settings.get() : own;
  }

  /** The newest idle connection to that endpoint by that TLS, or none, that may still be used. */
  @Nullable Http1Connection take(
      LiveEndpoint endpoint, @Nullable UpstreamTls tls, StreamRequest.Reuse reuse, long now) {
    assert loop.inEventLoop();
    var kept = reuse == StreamRequest.Reuse.NONE ? null : idle.get(endpoint);
    var connections = kept == null ? null : kept.find(tls);
    if (connections == null) {
      return null;
    }
    boolean careful = reuse == StreamRequest.Reuse.YOUNG;
    for (var newest = connections.peekLast(); newest != null; newest = connections.peekLast()) {
      boolean usable = !newest.gone() && !newest.expired(now);
      if (usable && careful && !newest.young(now)) {
        // All others were idle for longer.
        return null;
      }
      connections.removeLast();
      if (usable && !(careful && transport.endedByPeer(newest.channel()))) {
        return newest;
      }
      unneeded.add(newest);
    }
    return null;
  }

  /** Puts a connection back whose last reply is complete. */
  void release(Http1Connection connection) {
    assert loop.inEventLoop();
    var keepalive = keepalive(connection.endpoint());
    long now = System.nanoTime();
    long left = keepalive.age().toNanos() - connection.age(now);
    var tls = connection.tls();
    boolean outdated = left <= 0 || (tls != null && tls.retired());
    if (closed || keepalive.connections() == 0 || outdated || connection.gone()) {
      connection.close();
      return;
    }
    var connections =
        idle.computeIfAbsent(connection.endpoint(), e -> new IdleConnections()).of(tls);
    connections.addLast(connection);
    connection.idle(now, Math.min(left, keepalive.timeout().toNanos()));
    startTicking();
  }

  /**
   * Closes an idle connection, so that an upstream that has as many as it may can have another one:
   * the longest idle to some endpoint of its own, else, where it has hardly any, of any; false if
   * all of this loop's are in use.
   */
  boolean makeRoom(ServiceLoad load) {
    if (unneeded.closeOne(load)) {
      return true;
    }
    for (var connections : idle.values()) {
      if (connections.closeOne(load)) {
        return true;
      }
    }
    if (!load.comesFirst()) {
      return false;
    }
    if (unneeded.closeOne(null)) {
      return true;
    }
    for (var connections : idle.values()) {
      if (connections.closeOne(null)) {
        return true;
      }
    }
    return false;
  }

  /** Forgets a connection that closed; false if it was not idle here. */
  boolean forget(Http1Connection connection) {
    var kept = idle.get(connection.endpoint());
    var connections = kept == null ? null : kept.find(connection.tls());
    return connections != null && connections.remove(connection);
  }

  /** Closes what is idle to an endpoint that left; what is under way ends by itself. */
  void retire(LiveEndpoint endpoint) {
    assert loop.inEventLoop();
    var connections = idle.remove(endpoint);
    if (connections != null) {
      connections.forEach(unneeded::add);
    }
  }

  /** Closes what is idle by a TLS that no table has any more. */
  void retire(UpstreamTls tls) {
    assert loop.inEventLoop();
    idle.values().forEach(connections -> connections.retire(tls, unneeded));
  }

  /** Closes everything idle, now and from now on. */
  void close() {
    assert loop.inEventLoop();
    closed = true;
    var all = List.copyOf(idle.values());
    idle.clear();
    all.forEach(connections -> connections.forEach(Http1Connection::close));
    unneeded.closeAll();
  }

  /** A long body or an upgraded connection: a peer that takes nothing for long is not dead. */
  void allowSlowPeer(SocketChannel channel) {
    var option = transport.userTimeout();
    if (option != null && channel.isActive()) {
      channel.config().setOption(option, 0);
    }
  }

  /** Looks at the deadlines of a stream until {@link #unwatch}. */
  void watch(Http1Stream stream) {
    stream.slot = watched.size();
    watched.add(stream);
    stream.counters().requestBegins();
    startTicking();
  }

  void unwatch(Http1Stream stream) {
    int slot = stream.slot;
    if (slot < 0) {
      return;
    }
    stream.slot = -1;
    stream.uncount();
    stream.counters().requestEnds();
    int last = watched.size() - 1;
    var moved = watched.remove(last);
    if (slot != last) {
      watched.set(slot, moved);
      moved.slot = slot;
    }
  }

  private void startTicking() {
    if (!ticking) {
      ticking = true;
      var _ = loop.schedule(this, TICK, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void run() {
    ticking = false;
    long now = System.nanoTime();
    // Backwards, because a stream that fails leaves the list; those moved were looked at already.
    for (int i = watched.size() - 1; i >= 0; i = Math.min(i, watched.size()) - 1) {
      try {
        watched.get(i).check(now);
      } catch (RuntimeException e) {
        // One stream's fault must not end the deadlines of all others.
        LOG.error("Checking the deadlines of a stream failed. This is a bug.", e);
      }
    }
    if (++ticks % TICKS_PER_SWEEP == 0) {
      sweep(now);
    }
    if (!watched.isEmpty() || !idle.isEmpty()) {
      startTicking();
    }
  }

  /**
   * Closes what was idle for too long, and what is more than should be kept, oldest first. The
   * latter not before it was idle for a second: where more requests than that come at once, again
   * and again, each would otherwise open a connection and close it.
   */
  private void sweep(long now) {
    idle.entrySet()
        .removeIf(
            entry -> {
              int most = keepalive(entry.getKey()).connections();
              return entry.getValue().closeUnneeded(now, most, unneeded);
            });
  }

  /** Number of idle connections, whatever the endpoint; those about to be closed, too. */
  int idleCount() {
    int count = unneeded.size();
    for (var connections : idle.values()) {
      count += connections.size();
    }
    return count;
  }

  /** A bootstrap wants a handler for every channel; ours comes when the connection stands. */
  @ChannelHandler.Sharable
  private static final class NoHandler extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // An event that was meant for a closed socket with the same descriptor finds one that isn't
      // connected yet. A connect that fails is told by its future.
      LOG.debug("Before a connection to {} stood", ctx.channel().remoteAddress(), cause);
    }
  }
}
