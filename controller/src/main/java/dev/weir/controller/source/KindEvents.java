package dev.weir.controller.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.source.SourceBatch.Change;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** One watch request of one kind after another. Owned by the watch's thread. */
final class KindEvents {
  /** A watch that ends sooner is a sign of trouble. */
  private static final long AT_ONCE = Duration.ofMillis(500).toNanos();

  private static final int GONE = 410;

  private final WatchedKind kind;
  private final String namespace;
  private final WatchServices services;
  private final Answers answers;
  private final RandomGenerator random;

  KindEvents(
      WatchedKind kind,
      String namespace,
      WatchServices services,
      Answers answers,
      RandomGenerator random) {
    this.kind = kind;
    this.namespace = namespace;
    this.services = services;
    this.answers = answers;
    this.random = random;
  }

  /** What arrives on a watch. */
  sealed interface Event {
    /** The server accepted the watch. */
    record Connected() implements Event {}

    /** Nothing changed, and the position may have advanced. */
    record Bookmark() implements Event {}

    /** An object changed. */
    record Changed(ObjectKey key, Change change, List<Finding> findings) implements Event {}
  }

  /** How a watch that the server accepted ended. */
  enum Outcome {
    /** Its time was up. */
    ENDED,
    /** It ended as if its time was up, but it had hardly any. */
    ENDED_AT_ONCE,
    /** Its time was up and nothing came; it was cut. */
    SILENT,
    /** The connection broke. */
    BROKEN,
    /** The server has forgotten the position: list again. */
    EXPIRED
  }

  /**
   * Watches from {@code order}'s position, which advances with what arrives.
   *
   * @throws ApiFailure if the server didn't accept the watch, or reported an error that is not
   *     about the position
   */
  Outcome follow(WatchedKind.Version version, WatchOrder order, Consumer<Event> events)
      throws IOException, InterruptedException {
    var timing = services.timing();
    long shortest = timing.watchShortest().toSeconds();
    long seconds = random.nextLong(shortest, timing.watchLongest().toSeconds() + 1);
    var path =
        version.path(namespace)
            + "?watch=1&allowWatchBookmarks=true&resourceVersion="
            + order.position()
            + "&timeoutSeconds="
            + seconds
            + kind.selector();
    var limit = Duration.ofSeconds(seconds).plus(timing.grace());
    return answers.read(
        path,
        limit,
        (body, guard) -> {
          events.accept(new Event.Connected());
          try {
            return read(body, order, events);
          } catch (ServerError e) {
            throw e.failure;
          } catch (IOException e) {
            if (Thread.interrupted()) {
              throw new InterruptedException("closed");
            }
            return guard.cut() ? Outcome.SILENT : Outcome.BROKEN;
          }
        });
  }

  /** An ERROR event; not a broken stream. */
  private static final class ServerError extends Exception {
    private static final long serialVersionUID = 1L;
    private final ApiFailure failure;

    ServerError(ApiFailure failure) {
      super(failure);
      this.failure = failure;
    }
  }

  private Outcome read(ApiBody body, WatchOrder order, Consumer<Event> events)
      throws IOException, ServerError {
    long start = System.nanoTime();
    try (var stream = services.reader().events(body)) {
      while (stream.hasNextValue()) {
        var event = stream.nextValue();
        var object = event.path("object");
        switch (event.path("type").asText()) {
          case "ADDED", "MODIFIED" -> change(object, false, order, events);
          case "DELETED" -> change(object, true, order, events);
          case "BOOKMARK" -> {
            if (!order.bookmark(object.at("/metadata/resourceVersion").asText())) {
              return Outcome.EXPIRED;
            }
            events.accept(new Event.Bookmark());
          }
          case "ERROR" -> {
            return error(object);
          }
          default -> events.accept(new Event.Bookmark());
        }
      }
    }
    return System.nanoTime() - start < AT_ONCE ? Outcome.ENDED_AT_ONCE : Outcome.ENDED;
  }

  private static Outcome error(JsonNode status) throws ServerError {
    int code = status.path("code").asInt(500);
    if (code == GONE) {
      return Outcome.EXPIRED;
    }
    var message = status.path("message").asText("no message");
    throw new ServerError(new ApiFailure(code, "error event: " + message, Duration.ZERO));
  }

  private void change(JsonNode object, boolean deleted, WatchOrder order, Consumer<Event> events) {
    var item = services.reader().item(object, kind.kind());
    if (!order.isNews(item.key(), item.version())) {
      return;
    }
    var parsed = item.parsed();
    if (deleted) {
      events.accept(new Event.Changed(item.key(), new Change.Remove(item.key()), List.of()));
      return;
    }
    // An object that can't be understood, or is of no use any more, is as good as gone.
    Change change =
        parsed.resource().isPresent()
            ? new Change.Put(parsed.resource().get())
            : new Change.Remove(item.key());
    events.accept(new Event.Changed(item.key(), change, parsed.findings()));
  }
}
