package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.telemetry.EndpointCounters;
import dev.weir.dataplane.upstream.UpstreamFailure.Kind;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to get a stream: an endpoint is picked, then a pooled connection taken or a new one
 * opened. Owned by the request's event loop.
 */
final class Acquisition implements StreamSource.Pending {
  /** Longest connect while another endpoint is left (hardening.md F12). */
  private static final long TRY = 2_000_000_000L;

  private final LiveUpstream upstream;
  private final LoopPool pool;
  private final StreamRequest request;
  private final StreamSource.Callback callback;
  private boolean over;
  private boolean counted;
  private @Nullable ChannelFuture connecting;

  Acquisition(
      LiveUpstream upstream, LoopPool pool, StreamRequest request, StreamSource.Callback callback) {
    this.upstream = upstream;
    this.pool = pool;
    this.request = request;
    this.callback = callback;
  }

  /** Goes on with an endpoint to which there is no pooled connection; the request is counted. */
  void start(@Nullable LiveEndpoint picked) {
    counted = true;
    reach(picked);
  }

  /** Begins; a name that has no answer yet is waited for as long as a connect may take. */
  void start() {
    counted = upstream.load().tryRequest();
    if (!counted) {
      failOverloaded();
      return;
    }
    var known = upstream.known();
    if (known.isDone()) {
      pick();
    } else if (upstream.load().tryPending()) {
      awaitName(known);
    } else {
      failOverloaded();
    }
  }

  private void awaitName(CompletableFuture<Void> known) {
    var loop = request.loop();
    var timeout =
        loop.schedule(
            this::pickAfterWait, request.timeouts().connect().toNanos(), TimeUnit.NANOSECONDS);
    var _ =
        known.thenRun(
            () ->
                loop.execute(
                    () -> {
                      if (timeout.cancel(false)) {
                        pickAfterWait();
                      }
                    }));
  }

  private void pickAfterWait() {
    upstream.load().pendingEnds();
    pick();
  }

  @Override
  public void cancel() {
    end();
    var channel = connecting;
    // What failed is closed, or never had a socket (no file descriptor left) that could be.
    if (channel != null && channel.cause() == null) {
      channel.cancel(false);
      var _ = channel.channel().close();
    }
  }

  private void pick() {
    if (over) {
      return;
    }
    long now = System.nanoTime();
    var endpoint = upstream.pick(request.tried(), now);
    var pooled = endpoint == null ? null : pool.take(endpoint, request.tls(), request.reuse(), now);
    if (pooled == null) {
      reach(endpoint);
    } else {
      handOut(pooled, now);
    }
  }

  private void reach(@Nullable LiveEndpoint endpoint) {
    if (endpoint == null) {
      fail(null, new UpstreamFailure(Kind.NO_ENDPOINT, upstream.id() + " has no endpoint"));
    } else {
      connect(endpoint);
    }
  }

  private void connect(LiveEndpoint endpoint) {
    var load = upstream.load();
    if (!load.tryPending()) {
      failOverloaded();
      return;
    }
    if (!load.tryConnection() && !(pool.makeRoom(load) && load.tryConnection())) {
      load.pendingEnds();
      failOverloaded();
      return;
    }
    long left = request.timeouts().connect().toNanos();
    long timeout =
        upstream.picker().hasOther(endpoint.endpoint(), request.tried())
            ? Math.min(TRY, left)
            : left;
    long begun = System.nanoTime();
    var future = pool.connect(endpoint, timeout);
    endpoint.counters().connects();
    var _ = future.addListener(new ConnectionCount(load, endpoint.counters()));
    connecting = future;
    var loop = request.loop();
    var _ =
        future.addListener(
            done -> {
              // Without a socket (no file descriptor left) there is no loop to be told on.
              if (loop.inEventLoop()) {
                connected(endpoint, future, begun, begun + timeout);
              } else {
                loop.execute(() -> connected(endpoint, future, begun, begun + timeout));
              }
            });
  }

  private void connected(LiveEndpoint endpoint, ChannelFuture future, long begun, long deadline) {
    upstream.load().pendingEnds();
    if (future.isSuccess()) {
      endpoint.health().connected();
    } else if (!over && future.cause() instanceof IOException) {
      // Anything else is a lack of ours and no fault of the endpoint.
      endpoint.health().connectFailed(begun, System.nanoTime());
    }
    if (over) {
      if (future.isSuccess()) {
        var _ = future.channel().close();
      }
      return;
    }
    if (!future.isSuccess()) {
      var cause = String.valueOf(future.cause());
      fail(
          endpoint,
          future.cause() instanceof ConnectTimeoutException
              ? new UpstreamFailure(Kind.CONNECT_TIMEOUT, cause)
              : new UpstreamFailure(Kind.CONNECT_FAILED, cause));
    } else if (endpoint.retired()) {
      // The address may belong to another pod by now.
      var _ = future.channel().close();
      fail(endpoint, new UpstreamFailure(Kind.ENDPOINT_GONE, endpoint + " was removed meanwhile"));
    } else {
      secure(endpoint, (SocketChannel) future.channel(), begun, deadline);
    }
  }

  /** Has TLS spoken on the connection, in what is left of the time for connecting. */
  private void secure(LiveEndpoint endpoint, SocketChannel channel, long begun, long deadline) {
    var tls = request.tls();
    if (tls == null) {
      handOut(pool.adopt(endpoint, null, channel, upstream.load()), System.nanoTime());
      return;
    }
    try {
      var handler = tls.newHandler(channel.alloc(), endpoint);
      TlsHandshake.begin(
          channel,
          handler,
          deadline - System.nanoTime(),
          pool.handshakes(),
          failure -> {
            if (failure != null && !over) {
              endpoint.counters().unsecured();
            }
            secured(endpoint, channel, begun, failure);
          });
    } catch (SSLException e) {
      secured(endpoint, channel, begun, e);
    }
  }

  private void secured(
      LiveEndpoint endpoint, SocketChannel channel, long begun, @Nullable Throwable failure) {
    if (failure == null && !over) {
      handOut(pool.adopt(endpoint, request.tls(), channel, upstream.load()), System.nanoTime());
      return;
    }
    var _ = channel.close();
    if (over || failure == null) {
      return;
    }
    boolean late = failure instanceof SslHandshakeTimeoutException;
    if (late || !(failure instanceof SSLException)) {
      // What TLS has to say against it lies in the route's settings, which other routes don't have.
      endpoint.health().connectFailed(begun, System.nanoTime());
    }
    fail(
        endpoint,
        new UpstreamFailure(
            late ? Kind.CONNECT_TIMEOUT : Kind.CONNECT_FAILED,
            endpoint + ": TLS: " + TlsHandshake.reason(failure)));
  }

  private void handOut(Http1Connection connection, long now) {
    over = true;
    // From here on the stream counts as the request.
    counted = false;
    handOut(connection, pool, request.timeouts(), callback, now);
  }

  /** Begins a request, which is counted, on a connection. */
  static void handOut(
      Http1Connection connection,
      LoopPool pool,
      Timeouts timeouts,
      StreamSource.Callback callback,
      long now) {
    var stream = connection.open(timeouts, pool.isLastRequest(connection), now);
    stream.listener(callback.onStream(stream));
  }

  private void failOverloaded() {
    fail(null, new UpstreamFailure(Kind.OVERLOADED, upstream.id() + ": " + upstream.load().text()));
  }

  private void fail(@Nullable LiveEndpoint endpoint, UpstreamFailure failure) {
    end();
    callback.onNoStream(failure, endpoint == null ? null : endpoint.endpoint());
  }

  private void end() {
    over = true;
    if (counted) {
      counted = false;
      upstream.load().requestEnds();
    }
  }

  /** Gives a connection's place back: when it closes, or when the connect failed. */
  private record ConnectionCount(ServiceLoad load, EndpointCounters counters)
      implements ChannelFutureListener {
    @Override
    public void operationComplete(ChannelFuture connect) {
      if (connect.isSuccess()) {
        counters.connected();
        var _ = connect.channel().closeFuture().addListener(closed -> ends());
        return;
      }
      load.connectionEnds();
      if (isFault(connect.cause())) {
        counters.refused();
      } else {
        counters.givenUp();
      }
    }

    /** Anything else is a lack of ours, or we closed it ourselves. */
    private static boolean isFault(Throwable cause) {
      return cause instanceof IOException && !(cause instanceof ClosedChannelException);
    }

    private void ends() {
      load.connectionEnds();
      counters.disconnected();
    }
  }
}
