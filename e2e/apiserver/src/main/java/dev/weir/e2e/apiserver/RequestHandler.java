package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Serves requests: faults first, then discovery, objects, lists and watches. */
final class RequestHandler {
  private final ObjectStore store;
  private final ApiGroups groups;
  private final Faults faults;
  private final RequestLog log;
  private volatile @Nullable Duration bookmarks = Duration.ofMinutes(1);

  RequestHandler(ObjectStore store, ApiGroups groups, Faults faults, RequestLog log) {
    this.store = store;
    this.groups = groups;
    this.faults = faults;
    this.log = log;
  }

  void bookmarks(@Nullable Duration every) {
    bookmarks = every;
  }

  /** Serves one connection until it ends. */
  void serve(HttpConnection connection) {
    try (connection) {
      boolean open = true;
      while (open) {
        var request = connection.read();
        log.add(request);
        open = serve(request, connection);
      }
    } catch (IOException e) {
      // The client or a fault closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers whether the connection may serve another request. */
  private boolean serve(ApiRequest request, HttpConnection connection)
      throws IOException, InterruptedException {
    switch (faults.take(request)) {
      case Faults.Action.Answer answer -> {
        connection.write(answer.reply());
        return true;
      }
      case Faults.Action.Drop drop -> {
        return false;
      }
      case Faults.Action.Hold hold -> hold.gate().await();
      case null -> {}
    }
    if (request.verb().equals("watch") && groups.serves(request)) {
      return watch(request, connection);
    }
    Reply reply;
    try {
      reply = answer(request);
    } catch (ApiError e) {
      reply = e.reply();
    }
    connection.write(reply);
    return true;
  }

  private boolean watch(ApiRequest request, HttpConnection connection)
      throws IOException, InterruptedException {
    var stream = new WatchStream(request, ApiGroups.kind(request.resource()));
    store.open(stream, request.resource(), request.parameter("resourceVersion"));
    var monitor = connection.onClose(stream::drop);
    try {
      boolean reusable = stream.run(connection, bookmarks, store::version);
      if (reusable) {
        monitor.join();
      }
      return reusable;
    } finally {
      store.close(stream, request.resource());
    }
  }

  private Reply answer(ApiRequest request) throws ApiError, IOException {
    if (request.verb().equals("discover")) {
      var document = groups.document(request.groupVersion());
      return document == null ? Reply.noSuchPath() : Reply.json(200, document);
    }
    if (!groups.serves(request)) {
      return Reply.noSuchPath();
    }
    return switch (request.verb()) {
      case "list" -> Reply.text(200, list(request));
      case "get" -> Reply.json(200, store.find(request));
      case "create" ->
          Reply.json(201, store.create(request.resource(), request.namespace(), object(request)));
      case "update" -> Reply.json(200, store.update(request, object(request)));
      case "patch" -> patch(request);
      case "delete" -> Reply.json(200, store.delete(request));
      default -> throw new ApiError(405, "MethodNotAllowed", request.verb());
    };
  }

  private Reply patch(ApiRequest request) throws ApiError {
    var type = request.headers().getOrDefault("content-type", "");
    if (!type.contains("merge-patch")) {
      throw new ApiError(415, "UnsupportedMediaType", "only merge patches are understood: " + type);
    }
    return Reply.json(200, store.patch(request));
  }

  private static ObjectNode object(ApiRequest request) throws ApiError {
    if (request.body() instanceof ObjectNode object) {
      return object;
    }
    throw new ApiError(400, "BadRequest", "the body is no object");
  }

  /** Items of a list carry neither kind nor apiVersion, as on the real server. */
  private String list(ApiRequest request) throws ApiError, IOException {
    var page = store.list(request);
    var bytes = new ByteArrayOutputStream(64 * 1024);
    try (JsonGenerator out = Json.MAPPER.getFactory().createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("kind", ApiGroups.kind(request.resource()) + "List");
      out.writeStringField("apiVersion", request.groupVersion());
      out.writeObjectFieldStart("metadata");
      out.writeStringField("resourceVersion", Long.toString(page.version()));
      if (!page.next().isEmpty()) {
        out.writeStringField("continue", page.next());
        out.writeNumberField("remainingItemCount", page.remaining());
      }
      out.writeEndObject();
      out.writeArrayFieldStart("items");
      for (var item : page.items()) {
        var shallow = Json.MAPPER.createObjectNode();
        shallow.setAll(item);
        shallow.remove("kind");
        shallow.remove("apiVersion");
        out.writeTree(shallow);
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
