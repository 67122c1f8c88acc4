package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Objects, their versions and the history of changes. One counter gives all versions, as in etcd. A
 * stored tree never changes: each write stores a copy.
 */
final class ObjectStore {
  /** Objects and history of one resource. */
  private static final class Table {
    private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
    private final TreeMap<Long, WatchEvent> history = new TreeMap<>();
    private final List<WatchStream> watches = new ArrayList<>();
    private long compacted;
  }

  private final Map<String, Table> tables = new HashMap<>();
  private final ListPages pages = new ListPages();
  private long version = 100;
  private long uids;

  synchronized long version() {
    return version;
  }

  synchronized ObjectNode create(String resource, String namespace, ObjectNode object)
      throws ApiError {
    var copy = object.deepCopy();
    var meta = copy.withObjectProperty("metadata");
    if (!namespace.isEmpty()) {
      meta.put("namespace", namespace);
    }
    if (meta.path("name").asText().isEmpty() && meta.has("generateName")) {
      meta.put("name", meta.path("generateName").asText() + Long.toHexString(version + 1));
    }
    var name = meta.path("name").asText();
    if (table(resource).objects.containsKey(key(copy))) {
      throw new ApiError(409, "AlreadyExists", resource + " \"" + name + "\" already exists");
    }
    if (!meta.has("uid")) {
      uids++;
      meta.put("uid", new UUID(0x1000L, uids).toString());
    }
    if (!meta.has("creationTimestamp")) {
      meta.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    return store(resource, null, copy);
  }

  /**
   * Replaces an object. The subresource {@code status} keeps all but the status, labels and
   * annotations, as the real server does: who sends none loses them. Otherwise the status is kept.
   */
  synchronized ObjectNode update(ApiRequest request, ObjectNode object) throws ApiError {
    var before = find(request);
    var sent = object.path("metadata").path("resourceVersion").asText();
    if (!sent.isEmpty() && !sent.equals(versionOf(before))) {
      throw new ApiError(
          409,
          "Conflict",
          "Operation cannot be fulfilled on "
              + request.resource()
              + " \""
              + request.name()
              + "\": the object has been modified; please apply your changes to the latest version"
              + " and try again");
    }
    boolean status = request.target().subresource().equals("status");
    var after = status ? before.deepCopy() : object.deepCopy();
    var statusOf = status ? object : before;
    if (statusOf.has("status")) {
      after.set("status", statusOf.get("status").deepCopy());
    } else if (!status) {
      after.remove("status");
    }
    var meta = after.withObjectProperty("metadata");
    if (status) {
      for (var sentToo : List.of("labels", "annotations")) {
        meta.remove(sentToo);
        if (object.path("metadata").has(sentToo)) {
          meta.set(sentToo, object.path("metadata").get(sentToo).deepCopy());
        }
      }
    }
    for (var kept : List.of("uid", "creationTimestamp", "namespace", "name")) {
      if (before.path("metadata").has(kept)) {
        meta.set(kept, before.path("metadata").get(kept));
      }
    }
    return store(request.resource(), before, after);
  }

  synchronized ObjectNode patch(ApiRequest request) throws ApiError {
    return update(request, Json.merge(find(request).deepCopy(), request.body()));
  }

  synchronized ObjectNode delete(ApiRequest request) throws ApiError {
    var before = find(request);
    var table = table(request.resource());
    table.objects.remove(key(before));
    version++;
    var last = before.deepCopy();
    last.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
    publish(table, new WatchEvent(version, true, before, last));
    return last;
  }

  synchronized ObjectNode find(ApiRequest request) throws ApiError {
    var found = table(request.resource()).objects.get(request.namespace() + "/" + request.name());
    if (found == null) {
      throw ApiError.notFound(request);
    }
    return found;
  }

  synchronized @Nullable ObjectNode get(String resource, String namespace, String name) {
    return table(resource).objects.get(namespace + "/" + name);
  }

  synchronized int size(String resource) {
    return table(resource).objects.size();
  }

  synchronized ListPages.Page list(ApiRequest request) throws ApiError {
    int limit =
        request.parameter("limit").isEmpty() ? 0 : Integer.parseInt(request.parameter("limit"));
    var token = request.parameter("continue");
    if (!token.isEmpty()) {
      return pages.next(token, limit);
    }
    var selector = Selector.of(request);
    var all = table(request.resource()).objects.values().stream().filter(selector).toList();
    return pages.first(List.copyOf(all), version, limit);
  }

  /** Makes every continue token answer 410. */
  synchronized void expirePages() {
    pages.expire();
  }

  /** Forgets the history of a resource: watches from before now get 410. */
  synchronized void compact(String resource) {
    version++;
    table(resource).history.clear();
    table(resource).compacted = version;
  }

  /** Hands the missed events to the stream and keeps it informed from now on. */
  synchronized void open(WatchStream stream, String resource, String from) {
    var table = table(resource);
    if (from.isEmpty() || from.equals("0")) {
      table
          .objects
          .values()
          .forEach(
              object ->
                  stream.offer(
                      new WatchEvent(Long.parseLong(versionOf(object)), false, null, object)));
    } else {
      long start = Long.parseLong(from);
      if (start < table.compacted) {
        stream.expire("too old resource version: " + from + " (" + table.compacted + ")");
        return;
      }
      table.history.tailMap(start, false).values().forEach(stream::offer);
    }
    table.watches.add(stream);
  }

  synchronized void close(WatchStream stream, String resource) {
    table(resource).watches.remove(stream);
  }

  synchronized List<WatchStream> watches(String resource) {
    return List.copyOf(table(resource).watches);
  }

  private ObjectNode store(String resource, @Nullable ObjectNode before, ObjectNode after) {
    version++;
    after.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
    var table = table(resource);
    table.objects.put(key(after), after);
    publish(table, new WatchEvent(version, false, before, after));
    return after;
  }

  private static void publish(Table table, WatchEvent event) {
    table.history.put(event.version(), event);
    table.watches.forEach(watch -> watch.offer(event));
  }

  private Table table(String resource) {
    return tables.computeIfAbsent(resource, r -> new Table());
  }

  private static String key(JsonNode object) {
    var meta = object.path("metadata");
    return meta.path("namespace").asText() + "/" + meta.path("name").asText();
  }

  private static String versionOf(JsonNode object) {
    return object.path("metadata").path("resourceVersion").asText();
  }
}
