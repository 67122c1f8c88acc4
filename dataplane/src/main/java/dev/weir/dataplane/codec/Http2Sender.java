package dev.weir.dataplane.codec;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;

/**
 * Sends the bodies of replies as far as the client's windows and its socket take them (RFC 9113
 * 5.2): at once if nothing is in the way; otherwise what waits goes out in turns, one frame of each
 * stream, so that no reply holds up another. Streams that were told to wait hear when there is room
 * again, in turns, too.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2Sender {
  /** Written bytes after which a flush doesn't wait for the end of the turn of the loop. */
  private static final int FLUSH_AT = 64 * 1024;

  /** Frames from this payload on are sent as they are, smaller ones gathered. */
  private static final int ALONE = 4 * 1024;

  private static final int SMALL_FRAMES = 2 * ALONE;

  private final ServerOutput output;
  private final ByteAccount held;
  private final Http2FrameEvents events;

  /** Streams of which something waits. */
  private final ArrayDeque<Http2ServerStream> ready = new ArrayDeque<>(4);

  /** Streams that want to hear when there is room. */
  private final ArrayDeque<Http2ServerStream> waiting = new ArrayDeque<>(4);

  private final Http2Gatherings gatherings;

  private int window = Http2Frame.USUAL_WINDOW;
  private int unflushed;
  private boolean running;

  /** Something came up while it was running. */
  private boolean again;

  /** It hears when the socket has taken what is on its way. */
  private boolean hears;

  /** It runs in a later turn of the loop. */
  private boolean planned;

  Http2Sender(ServerOutput output, ByteAccount held, Http2FrameEvents events) {
    this.events = events;
    this.output = output;
    this.held = held;
    this.gatherings = new Http2Gatherings(held, this::onRelease, this::hear);
  }

  /** Whose parts of replies are read on. */
  Http2Gatherings gatherings() {
    return gatherings;
  }

  /** The client takes more on the whole connection. */
  void grow(int bytes) throws Http2Fault {
    if (window > Http2Frame.MOST_WINDOW - bytes) {
      throw new Http2Fault(Http2Error.FLOW_CONTROL_ERROR, "window of the connection too large");
    }
    window += bytes;
    run();
  }

  /** Room was made for bytes that wait on our side. */
  void onRelease() {
    if (anybodyWaits()) {
      run();
    }
  }

  /** As {@link #onRelease}, for who is called by it himself: in a later turn of the loop. */
  void onReleaseLater() {
    if (anybodyWaits() && !planned) {
      planned = true;
      output.later(
          () -> {
            planned = false;
            run();
          });
    }
  }

  private boolean anybodyWaits() {
    return !waiting.isEmpty() || !gatherings.isEmpty();
  }

  /** Whether the connection takes more now, whatever streams do, and holds more. */
  boolean open() {
    return flows() && held.replyRoom() >= ByteAccount.LEAST_READ;
  }

  /** Whether the client takes more on the whole connection. */
  boolean hasWindow() {
    return window > 0;
  }

  /** Whether the connection takes more now of what it holds already. */
  boolean flows() {
    return window > 0 && output.writable();
  }

  /**
   * How many bytes the next read for this stream is to bring; some in any case.
   *
   * @param part whether it may be a part that isn't whole
   */
  int room(Http2ServerStream stream, boolean part) {
    int fits = part ? held.partRoom() : held.replyRoom();
    int takes = Math.min(Math.min(window, stream.outbound().window), fits);
    return Math.clamp(takes, ByteAccount.LEAST_READ, ByteAccount.MOST_READ);
  }

  /** This stream wants to hear when there is room. */
  void await(Http2ServerStream stream) {
    if (!stream.outbound().awaited) {
      stream.outbound().awaited = true;
      waiting.add(stream);
      held.unasked(waiting.size());
      hear();
    }
  }

  /** Less than a high-water mark may leave no room, and nothing else tells when it is taken. */
  private void hear() {
    if (!hears
        && output.writable()
        && output.waiting() > 0
        && (!gatherings.isEmpty() || held.replyRoom() < ByteAccount.LEAST_READ)) {
      hears = true;
      output.whenTaken(
          () -> {
            hears = false;
            run();
          });
    }
  }

  /**
   * Sends a piece, now or when it can go; takes the reference over.
   *
   * @param end whether the body ends with it
   */
  void send(Http2ServerStream stream, ByteBuf data, boolean end) {
    var out = stream.outbound();
    int size = data.readableBytes();
    boolean free = size <= Math.min(window, out.window) && output.writable() && ready.isEmpty();
    if (out.isEmpty() && (free || size == 0)) {
      writeAlone(stream, data, end);
    } else {
      held.queue(size);
      out.add(data, end);
      enqueue(stream);
      run();
    }
  }

  /**
   * What it brings about waits for its end: a stream that hears of room in between might send what
   * belongs behind this.
   */
  private void writeAlone(Http2ServerStream stream, ByteBuf data, boolean end) {
    boolean outer = running;
    running = true;
    try {
      write(stream, data, end);
    } finally {
      running = outer;
    }
    if (!outer && again) {
      run();
    }
  }

  private void enqueue(Http2ServerStream stream) {
    if (!stream.outbound().queued) {
      stream.outbound().queued = true;
      ready.add(stream);
    }
  }

  /**
   * The client is read: what waits goes out after that, so that what it grants in many small frames
   * at once is sent in one. A client that waits for each is as slow as it wants to be; one that
   * doesn't has granted more often than was sent, which {@link Http2FrameEvents} minds.
   */
  void pause() {
    running = true;
  }

  /** The client was read. */
  void resume() {
    running = false;
    if (again) {
      run();
    }
  }

  /** There may be room again: a window grew, or the socket took something. */
  void run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      do {
        again = false;
        sendWaiting();
        wake();
        gatherings.run();
      } while (again);
    } finally {
      running = false;
    }
    if (anybodyWaits()) {
      hear();
    }
  }

  /** A stream's own window grew. */
  void onWindow(Http2ServerStream stream) {
    if (!stream.outbound().isEmpty()) {
      enqueue(stream);
    }
    run();
  }

  private void sendWaiting() {
    int stuck = 0;
    while (ready.size() > stuck && output.writable()) {
      var stream = ready.remove();
      var out = stream.outbound();
      int most = Math.min(Math.min(window, out.window), Http2Frame.MOST_PAYLOAD);
      if (most > 0 || out.size() == 0) {
        sendFrame(stream, out, most);
        stuck = 0;
      } else if (out.window > 0) {
        // It is the connection that is in the way.
        ready.add(stream);
        stuck++;
        continue;
      }
      if (!out.isEmpty() && out.window > 0) {
        ready.add(stream);
      } else {
        out.queued = false;
      }
    }
  }

  private void sendFrame(Http2ServerStream stream, Http2Outbound out, int most) {
    int before = out.size();
    var piece = out.take(most);
    held.sent(before - out.size());
    write(stream, piece, out.endTaken());
  }

  private void wake() {
    for (int left = waiting.size(); left > 0 && !waiting.isEmpty() && wakes(); left--) {
      var stream = waiting.remove();
      stream.outbound().awaited = false;
      held.unasked(waiting.size());
      if (stream.writable()) {
        stream.onWritable();
      }
    }
  }

  /** Whether there may be a stream that can go on. */
  private boolean wakes() {
    return open() || (flows() && held.keeps());
  }

  /** Writes DATA, which the windows allow. */
  private void write(Http2ServerStream stream, ByteBuf data, boolean end) {
    var rest = data;
    while (rest.readableBytes() > Http2Frame.MOST_PAYLOAD) {
      writeFrame(stream, rest.readRetainedSlice(Http2Frame.MOST_PAYLOAD), false);
    }
    boolean trailers = end && stream.outbound().hasTrailers();
    if (rest.isReadable() || !trailers) {
      writeFrame(stream, rest, end && !trailers);
    } else {
      rest.release();
    }
    if (trailers) {
      stream.writeTrailers();
    }
    if (end) {
      stream.onWritten();
    }
  }

  private void writeFrame(Http2ServerStream stream, ByteBuf data, boolean end) {
    int size = data.readableBytes();
    if (size == 0 && !end) {
      data.release();
      return;
    }
    var head = output.room(Http2Frame.HEAD, size < ALONE ? SMALL_FRAMES : Http2Frame.HEAD);
    Http2Output.head(head, size, Http2Frame.DATA, end ? Http2Frame.END_STREAM : 0, stream.id());
    window -= size;
    stream.outbound().window -= size;
    if (size == 0) {
      data.release();
    } else {
      output.write(data);
    }
    stream.onProgress();
    events.dataSent();
    unflushed += size + Http2Frame.HEAD;
    if (unflushed >= FLUSH_AT) {
      unflushed = 0;
      output.flush();
    }
  }

  /** The stream is over: forgets it, and what waits of it. */
  void forget(Http2ServerStream stream) {
    var out = stream.outbound();
    if (out.queued) {
      out.queued = false;
      ready.remove(stream);
    }
    if (out.awaited) {
      out.awaited = false;
      waiting.remove(stream);
      held.unasked(waiting.size());
    }
    held.sent(out.held());
    out.clear();
  }
}
