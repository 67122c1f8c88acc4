package dev.weir.dataplane.upstream;

import dev.weir.dataplane.upstream.UpstreamFailure.Kind;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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
  private @Nullable ChannelFuture connecting;

  Acquisition(
      LiveUpstream upstream, LoopPool pool, StreamRequest request, StreamSource.Callback callback) {
    this.upstream = upstream;
    this.pool = pool;
    this.request = request;
    this.callback = callback;
  }

  /** Begins; a name that has no answer yet is waited for as long as a connect may take. */
  void start() {
    var known = upstream.known();
    if (known.isDone()) {
      pick();
      return;
    }
    var loop = request.loop();
    var timeout =
        loop.schedule(this::pick, request.timeouts().connect().toNanos(), TimeUnit.NANOSECONDS);
    var _ =
        known.thenRun(
            () ->
                loop.execute(
                    () -> {
                      if (timeout.cancel(false)) {
                        pick();
                      }
                    }));
  }

  @Override
  public void cancel() {
    over = true;
    var channel = connecting;
    if (channel != null) {
      channel.cancel(false);
      var _ = channel.channel().close();
    }
  }

  private void pick() {
    if (over) {
      return;
    }
    var endpoint = upstream.pick(request.tried());
    if (endpoint == null) {
      over = true;
      callback.onNoStream(
          new UpstreamFailure(Kind.NO_ENDPOINT, upstream.id() + " has no endpoint"), null);
      return;
    }
    var pooled = pool.take(endpoint, request.reuse());
    if (pooled == null) {
      connect(endpoint);
    } else {
      handOut(pooled);
    }
  }

  private void connect(LiveEndpoint endpoint) {
    long left = request.timeouts().connect().toNanos();
    long timeout =
        upstream.picker().hasOther(endpoint.endpoint(), request.tried())
            ? Math.min(TRY, left)
            : left;
    long begun = System.nanoTime();
    var future = pool.connect(endpoint, timeout);
    connecting = future;
    var loop = request.loop();
    var _ =
        future.addListener(
            done -> {
              // Without a socket (no file descriptor left) there is no loop to be told on.
              if (loop.inEventLoop()) {
                connected(endpoint, future, begun);
              } else {
                loop.execute(() -> connected(endpoint, future, begun));
              }
            });
  }

  private void connected(LiveEndpoint endpoint, ChannelFuture future, long begun) {
    if (future.isSuccess()) {
      endpoint.health().connected();
    } else if (!over && future.cause() instanceof IOException) {
      // Anything else is a lack of ours and no fault of the endpoint.
      endpoint.health().connectFailed(begun, System.nanoTime());
    }
    if (over) {
      var _ = future.channel().close();
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
      handOut(pool.adopt(endpoint, (SocketChannel) future.channel()));
    }
  }

  private void handOut(Http1Connection connection) {
    over = true;
    var stream = connection.open(request.timeouts(), pool.isLastRequest(connection));
    stream.listener(callback.onStream(stream));
  }

  private void fail(LiveEndpoint endpoint, UpstreamFailure failure) {
    over = true;
    callback.onNoStream(failure, endpoint.endpoint());
  }
}
