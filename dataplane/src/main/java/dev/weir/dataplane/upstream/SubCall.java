package dev.weir.dataplane.upstream;

import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamRequest.Reuse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request of our own under way. Tries the next endpoint after a failed connect, and another
 * connection after a pooled one turned out to be dead; a method that must not happen twice isn't
 * sent again (hardening.md 5.1).
 *
 * <p>What is read of its reply and can't be looked at yet counts for the client on whose behalf it
 * is; the rest is thrown away as it comes.
 *
 * <p>Owned by its event loop. The listener is told once, never from inside of {@link #start}; after
 * that the call goes on alone until the reply's body is over, as far as that costs little.
 */
public final class SubCall
    implements StreamSource.Callback, UpstreamStreamListener, FilterOutcome.Handle {
  /** Body that is read for the sake of keeping the connection. */
  private static final int MOST_DROPPED = 64 * 1024;

  private static final int DROP_SECONDS = 1;
  private static final int MOST_TRIES = 3;

  /** So that an upstream whose endpoints change all the time ends a call somehow. */
  private static final int MOST_CHOICES = 20;

  private final StreamSource streams;
  private final EventLoop loop;
  private final @Nullable ReplyRoom room;
  private final SubRequest request;
  private final SubRequest.Listener listener;
  private final UpstreamId upstream;
  private final Reuse reuse;
  private final long deadline;
  private Set<Endpoint> tried = Set.of();
  private @Nullable Future<?> timer;
  private StreamSource.@Nullable Pending pending;
  private @Nullable UpstreamStream stream;
  private int acquisitions;
  private boolean replayed;
  private boolean told;
  private boolean over;
  private int dropped;

  private SubCall(
      StreamSource streams,
      EventLoop loop,
      @Nullable ReplyRoom room,
      SubRequest request,
      SubRequest.Listener listener) {
    this.streams = streams;
    this.loop = loop;
    this.room = room;
    this.request = request;
    this.listener = listener;
    this.upstream =
        switch (request.destination()) {
          case SubRequest.ToUpstream(var id) -> id;
          case SubRequest.ToOrigin(var origin) -> streams.origin(origin);
        };
    this.reuse =
        switch (request.head().method()) {
          case "GET", "HEAD", "OPTIONS" -> Reuse.ANY;
          default -> Reuse.YOUNG;
        };
    this.deadline = System.nanoTime() + request.whole().toNanos();
  }

  /**
   * Begins; on the loop.
   *
   * @param room of the client on whose behalf it is; null for nobody's
   */
  public static FilterOutcome.Handle start(
      StreamSource streams,
      EventLoop loop,
      @Nullable ReplyRoom room,
      SubRequest request,
      SubRequest.Listener listener) {
    assert loop.inEventLoop();
    var call = new SubCall(streams, loop, room, request, listener);
    call.timer =
        loop.schedule(
            () -> call.fail("no reply within " + request.whole()),
            request.whole().toNanos(),
            TimeUnit.NANOSECONDS);
    loop.execute(() -> call.acquire(call.reuse));
    return call;
  }

  private void acquire(Reuse wanted) {
    if (over) {
      return;
    }
    if (++acquisitions > MOST_CHOICES) {
      fail("too many changes of endpoints");
      return;
    }
    int mine = acquisitions;
    var rest = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    var connect = request.connect().compareTo(rest) < 0 ? request.connect() : rest;
    var timeouts = new Timeouts(connect, request.whole(), request.whole());
    var started = streams.acquire(new StreamRequest(upstream, loop, timeouts, tried, wanted), this);
    if (mine == acquisitions && stream == null && !over) {
      pending = started;
    }
  }

  @Override
  public UpstreamStreamListener onStream(UpstreamStream acquired) {
    pending = null;
    stream = acquired;
    try {
      acquired.sendHead(request.head(), request.edits(), true);
    } catch (IllegalArgumentException e) {
      // Something in the head that can't be sent; the stream has given itself up.
      stream = null;
      loop.execute(() -> fail("can't be sent: " + e.getMessage()));
    }
    return this;
  }

  @Override
  public void onNoStream(UpstreamFailure failure, @Nullable Endpoint endpoint) {
    pending = null;
    if (over) {
      return;
    }
    boolean again =
        failure.kind() == UpstreamFailure.Kind.ENDPOINT_GONE
            || (endpoint != null && tried.size() < MOST_TRIES - 1 && remember(endpoint));
    if (again) {
      acquire(reuse);
    } else {
      fail(failure.kind() + ": " + failure.detail());
    }
  }

  private boolean remember(Endpoint endpoint) {
    var more = new HashSet<>(tried);
    boolean isNew = more.add(endpoint);
    tried = more;
    return isNew;
  }

  @Override
  public void onInformational(ReplyHead head) {
    // Nobody waits for it.
  }

  @Override
  public void onHead(ReplyHead head, boolean end) {
    if (over) {
      return;
    }
    stopTimer();
    told = true;
    if (end) {
      over = true;
      stream = null;
    } else {
      // Before the listener is told, so that it finds the call as it stays.
      var _ = loop.schedule(this::abandon, DROP_SECONDS, TimeUnit.SECONDS);
      var from = stream;
      if (from != null) {
        from.read();
      }
    }
    listener.onReply(head);
    head.release();
  }

  @Override
  public void onBody(ByteBuf data, boolean end) {
    dropped += data.readableBytes();
    data.release();
    var from = stream;
    if (end) {
      over = true;
      stream = null;
    } else if (from != null) {
      if (dropped > MOST_DROPPED) {
        abandon();
      } else {
        from.read();
      }
    }
  }

  @Override
  public void onWritable() {
    // There is no body to send.
  }

  @Override
  public @Nullable ReplyRoom room() {
    return room;
  }

  @Override
  public void onFailure(UpstreamFailure failure) {
    var failed = stream;
    stream = null;
    if (over) {
      return;
    }
    boolean dead =
        failure.kind() == UpstreamFailure.Kind.CLOSED_BEFORE_REPLY
            && failed != null
            && failed.reused();
    if (told) {
      over = true;
    } else if (failure.kind() == UpstreamFailure.Kind.ENDPOINT_GONE) {
      acquire(reuse);
    } else if (dead && reuse == Reuse.ANY && !replayed) {
      replayed = true;
      acquire(Reuse.NONE);
    } else {
      fail(failure.kind() + ": " + failure.detail());
    }
  }

  private void fail(String why) {
    if (over || told) {
      return;
    }
    told = true;
    abandon();
    listener.onFailure(name() + " can't be asked: " + why);
  }

  private String name() {
    return switch (request.destination()) {
      case SubRequest.ToUpstream(var id) -> id.toString();
      case SubRequest.ToOrigin(var origin) -> origin.text();
    };
  }

  /** The listener isn't told any more; once it was, nothing is to be given up. */
  @Override
  public void cancel() {
    if (!told) {
      abandon();
    }
  }

  private void abandon() {
    if (over) {
      return;
    }
    over = true;
    stopTimer();
    var waiting = pending;
    pending = null;
    if (waiting != null) {
      waiting.cancel();
    }
    var open = stream;
    stream = null;
    if (open != null) {
      open.cancel();
    }
  }

  private void stopTimer() {
    var running = timer;
    timer = null;
    if (running != null) {
      running.cancel(false);
    }
  }
}
