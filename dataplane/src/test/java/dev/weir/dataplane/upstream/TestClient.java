package dev.weir.dataplane.upstream;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Does what an exchange does: one request through a {@link StreamSource}, remembering all of it.
 */
class TestClient implements StreamSource.Callback, UpstreamStreamListener {
  private final EventLoop loop;
  private final RequestHead request;
  private final HeadEdits edits = new HeadEdits();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  final List<Integer> informational = new ArrayList<>();
  final CompletableFuture<UpstreamStream> stream = new CompletableFuture<>();
  final CompletableFuture<ReplyHead> head = new CompletableFuture<>();

  /** The body once the reply is complete; fails with a {@link Failed}. */
  final CompletableFuture<String> done = new CompletableFuture<>();

  private boolean reading = true;
  private StreamSource.@Nullable Pending pending;

  /** A failure that the stream or the source told of. */
  static final class Failed extends RuntimeException {
    final UpstreamFailure failure;
    final @Nullable Endpoint endpoint;

    Failed(UpstreamFailure failure, @Nullable Endpoint endpoint) {
      super(failure.toString());
      this.failure = failure;
      this.endpoint = endpoint;
    }
  }

  TestClient(EventLoop loop, RequestHead request) {
    this.loop = loop;
    this.request = request;
  }

  HeadEdits edits() {
    return edits;
  }

  /** Reads nothing before {@link #resume}. */
  TestClient paused() {
    reading = false;
    return this;
  }

  TestClient start(StreamSource source, UpstreamId id) {
    return start(
        source, new StreamRequest(id, loop, Timeouts.DEFAULT, Set.of(), StreamRequest.Reuse.ANY));
  }

  TestClient start(StreamSource source, StreamRequest wanted) {
    loop.execute(() -> startNow(source, wanted));
    return this;
  }

  /** On the loop. */
  void startNow(StreamSource source, StreamRequest wanted) {
    pending = source.acquire(wanted, this);
  }

  String await() throws Exception {
    return done.get(60, TimeUnit.SECONDS);
  }

  /** How the request failed. */
  Failed awaitFailure() throws Exception {
    try {
      var body = await();
      throw new AssertionError("answered with: " + body);
    } catch (ExecutionException e) {
      return cause(e);
    }
  }

  /** The failure in there. */
  static Failed cause(ExecutionException e) {
    if (e.getCause() instanceof Failed failed) {
      return failed;
    }
    throw new AssertionError("not a failure of an upstream", e);
  }

  UpstreamFailure.Kind awaitKind() throws Exception {
    return awaitFailure().failure.kind();
  }

  /** Body so far, or a piece of it. */
  synchronized int received() {
    return body.size();
  }

  synchronized String receivedText() {
    return body.toString(StandardCharsets.ISO_8859_1);
  }

  void send(String data, boolean end) throws Exception {
    var theirs = stream.get(60, TimeUnit.SECONDS);
    loop.submit(() -> theirs.sendBody(utf8(data), end)).sync();
  }

  void resume() {
    loop.execute(
        () -> {
          reading = true;
          stream.join().read();
        });
  }

  void cancel() {
    loop.execute(
        () -> {
          if (stream.isDone()) {
            stream.join().cancel();
          } else if (pending != null) {
            pending.cancel();
          }
        });
  }

  static ByteBuf utf8(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
  }

  @Override
  public UpstreamStreamListener onStream(UpstreamStream theirs) {
    theirs.sendHead(request, edits, request.bodyLength() == 0);
    stream.complete(theirs);
    return this;
  }

  @Override
  public void onNoStream(UpstreamFailure failure, @Nullable Endpoint endpoint) {
    stream.completeExceptionally(new Failed(failure, endpoint));
    done.completeExceptionally(new Failed(failure, endpoint));
  }

  @Override
  public void onInformational(ReplyHead reply) {
    informational.add(reply.status());
  }

  @Override
  public void onHead(ReplyHead reply, boolean end) {
    head.complete(reply);
    next(end);
  }

  @Override
  public void onBody(ByteBuf data, boolean end) {
    synchronized (this) {
      body.writeBytes(ByteBufUtil.getBytes(data));
    }
    data.release();
    next(end);
  }

  private void next(boolean end) {
    if (end) {
      done.complete(receivedText());
    } else if (reading) {
      stream.join().read();
    }
  }

  @Override
  public void onWritable() {}

  @Override
  public void onFailure(UpstreamFailure failure) {
    done.completeExceptionally(new Failed(failure, stream.join().endpoint()));
  }
}
