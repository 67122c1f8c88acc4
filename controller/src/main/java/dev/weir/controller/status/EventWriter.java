package dev.weir.controller.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.source.ApiCalls;
import dev.weir.controller.source.ApiFailure;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes one Event of {@code v1}: creates it, or counts one more if there is one of that name,
 * which the note gives. The rights that ingress-nginx has allow to create and patch Events, not to
 * read them; the answer to a patch tells how far one has counted.
 *
 * <p>Owned by one thread.
 */
final class EventWriter {
  /** Tools select Events of the controller by this. */
  static final String COMPONENT = "nginx-ingress-controller";

  private static final int REMEMBERED = 2048;

  private final ApiCalls calls;
  private final String instance;
  private final InstantSource clock;

  /** How far Events have counted, of those that were written last. */
  private final Map<String, Long> counts = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * @param instance which replica this is
   * @param clock for what people read
   */
  EventWriter(ApiCalls calls, String instance, InstantSource clock) {
    this.calls = calls;
    this.instance = instance;
    this.clock = clock;
  }

  /**
   * Writes it.
   *
   * @throws ApiFailure if the API server refuses or doesn't answer
   */
  void write(EventBook.Offer offer) throws ApiFailure, InterruptedException {
    var note = offer.note();
    var name = note.name();
    var collection = "/api/v1/namespaces/" + namespace(note.object()) + "/events";
    boolean again = !offer.onlyIfAbsent() && counts.containsKey(name);
    if (again && count(collection + "/" + name, name)) {
      return;
    }
    try {
      calls.create(collection, event(note, name));
      remember(name, 1);
    } catch (ApiFailure e) {
      if (e.code() != Codes.CONFLICT) {
        throw e;
      }
      if (!offer.onlyIfAbsent()) {
        count(collection + "/" + name, name);
      }
    }
  }

  /** Answers false if there is no such Event any more: they live for an hour. */
  private boolean count(String path, String name) throws ApiFailure, InterruptedException {
    try {
      var known = counts.get(name);
      long count =
          (known == null ? calls.merge(path, seenNow()).path("count").asLong(1) : known) + 1;
      calls.merge(path, seenNow().put("count", count));
      remember(name, count);
      return true;
    } catch (ApiFailure e) {
      if (e.code() == Codes.NOT_FOUND) {
        counts.remove(name);
        return false;
      }
      throw e;
    }
  }

  private ObjectNode seenNow() {
    return calls.newObject().put("lastTimestamp", now());
  }

  private void remember(String name, long count) {
    counts.put(name, count);
    if (counts.size() > REMEMBERED) {
      counts.remove(counts.keySet().iterator().next());
    }
  }

  private ObjectNode event(EventNote note, String name) {
    var object = note.object();
    var event = calls.newObject().put("apiVersion", "v1").put("kind", "Event");
    event.putObject("metadata").put("name", name).put("namespace", namespace(object));
    var about =
        event
            .putObject("involvedObject")
            .put("apiVersion", apiVersion(object.key().kind()))
            .put("kind", object.key().kind().text())
            .put("name", object.key().name());
    if (!object.key().namespace().isEmpty()) {
      about.put("namespace", object.key().namespace());
    }
    if (!object.uid().isEmpty()) {
      about.put("uid", object.uid());
    }
    event.putObject("source").put("component", COMPONENT);
    return event
        .put("type", note.type())
        .put("reason", note.reason())
        .put("message", note.message())
        .put("firstTimestamp", now())
        .put("lastTimestamp", now())
        .put("count", 1)
        .put("reportingComponent", COMPONENT)
        .put("reportingInstance", instance);
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** Events of objects without namespace stand in {@code default}. */
  private static String namespace(ObjectRef object) {
    return object.key().namespace().isEmpty() ? "default" : object.key().namespace();
  }

  private static String apiVersion(Kind kind) {
    return switch (kind) {
      case INGRESS, INGRESS_CLASS -> "networking.k8s.io/v1";
      case ENDPOINTS -> "discovery.k8s.io/v1";
      case SERVICE, SECRET, CONFIG_MAP, NAMESPACE, MANIFEST -> "v1";
    };
  }
}
