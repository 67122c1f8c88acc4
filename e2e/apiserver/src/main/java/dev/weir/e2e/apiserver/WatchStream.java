package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One open watch: a queue that the store and the test fill, and that the connection's thread writes
 * out as chunks, everything that waits in one write.
 */
final class WatchStream {
  /** What the connection's thread does next. */
  private sealed interface Frame {
    record Line(String json) implements Frame {}

    record End() implements Frame {}

    record Drop() implements Frame {}
  }

  private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final Predicate<JsonNode> selector;
  private final ApiRequest request;
  private final String kind;
  private volatile boolean stalled;

  WatchStream(ApiRequest request, String kind) {
    this.request = request;
    this.kind = kind;
    this.selector = Selector.of(request);
  }

  /** Queues a change, as this watch's selector sees it. */
  void offer(WatchEvent event) {
    var before = event.before();
    boolean was = before != null && selector.test(before);
    boolean is = !event.deleted() && selector.test(event.after());
    if (is) {
      line(was ? "MODIFIED" : "ADDED", event.after());
    } else if (was) {
      line("DELETED", event.after());
    }
  }

  /** Queues an event as given, true or not. */
  void line(String type, JsonNode object) {
    var event = Json.MAPPER.createObjectNode().put("type", type);
    event.set("object", object);
    frames.add(new Frame.Line(Json.text(event)));
  }

  void bookmark(long version) {
    if (request.parameter("allowWatchBookmarks").equals("true")) {
      line("BOOKMARK", bookmarkObject(version));
    }
  }

  private ObjectNode bookmarkObject(long version) {
    var object = Json.MAPPER.createObjectNode();
    object.put("kind", kind).put("apiVersion", request.groupVersion());
    object.putObject("metadata").put("resourceVersion", Long.toString(version));
    return object;
  }

  /** The event that a watch from a forgotten version gets; the stream ends after it. */
  void expire(String message) {
    line("ERROR", ApiError.status(410, "Expired", message));
    frames.add(new Frame.End());
  }

  /** Ends the stream as a server does when time is up. */
  void end() {
    frames.add(new Frame.End());
  }

  /** Closes the connection in the middle of the stream. */
  void drop() {
    stalled = false;
    frames.add(new Frame.Drop());
  }

  /** From now on nothing is sent, and the connection stays open also when the time is up. */
  void stall() {
    stalled = true;
  }

  /**
   * Writes until the time is up, the test ends it or the client is gone.
   *
   * @param bookmarks how often a bookmark is sent; null for never
   * @return whether the connection may serve another request
   */
  boolean run(HttpConnection connection, @Nullable Duration bookmarks, LongSupplier version)
      throws IOException, InterruptedException {
    connection.startChunks();
    var timeout = request.parameter("timeoutSeconds");
    long end =
        System.nanoTime()
            + TimeUnit.SECONDS.toNanos(timeout.isEmpty() ? 3600 : Long.parseLong(timeout));
    var pending = new ArrayList<Frame>();
    while (true) {
      long left = end - System.nanoTime();
      long wait = bookmarks == null ? left : Math.min(left, bookmarks.toNanos());
      var frame = frames.poll(stalled ? Long.MAX_VALUE : wait, TimeUnit.NANOSECONDS);
      if (frame != null) {
        pending.add(frame);
        frames.drainTo(pending);
      }
      if (stalled && !pending.contains(new Frame.Drop())) {
        continue;
      }
      if (frame == null && left > wait) {
        bookmark(version.getAsLong());
      }
      if (write(connection, pending)) {
        return !pending.contains(new Frame.Drop());
      }
      pending.clear();
      if (frame == null && left <= wait) {
        connection.endChunks();
        return true;
      }
    }
  }

  /** Answers whether the stream is over. */
  private static boolean write(HttpConnection connection, List<Frame> pending) throws IOException {
    var chunk = new ByteArrayOutputStream();
    for (var frame : pending) {
      switch (frame) {
        case Frame.Line line -> {
          var json = line.json().getBytes(StandardCharsets.UTF_8);
          chunk.writeBytes(
              (Integer.toHexString(json.length + 1) + "\r\n").getBytes(StandardCharsets.US_ASCII));
          chunk.writeBytes(json);
          chunk.writeBytes("\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        case Frame.End end -> {
          connection.write(chunk.toByteArray());
          connection.endChunks();
          return true;
        }
        case Frame.Drop drop -> {
          connection.write(chunk.toByteArray());
          return true;
        }
      }
    }
    if (chunk.size() > 0) {
      connection.write(chunk.toByteArray());
    }
    return false;
  }
}
