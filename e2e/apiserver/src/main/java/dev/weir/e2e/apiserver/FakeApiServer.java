package dev.weir.e2e.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes API server on plain HTTP at 127.0.0.1, holding what a test puts into it. It serves
 * lists with {@code limit} and {@code continue}, watches from a version with {@code timeoutSeconds}
 * and bookmarks, get, create, update, merge patch, delete and the status subresource, selectors,
 * and the discovery documents of chosen group versions.
 *
 * <p>Objects outlive {@link #stop} and {@link #start}, which keep the port. Resources are named by
 * their plural ({@code ingresses}). Nothing is converted between API versions: an object is served
 * as it was put.
 */
public final class FakeApiServer implements AutoCloseable {
  private final ObjectStore store = new ObjectStore();
  private final ApiGroups groups = new ApiGroups();
  private final Faults faults = new Faults();
  private final RequestLog log = new RequestLog();
  private final RequestHandler handler = new RequestHandler(store, groups, faults, log);
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket listener;
  private @Nullable Thread acceptor;
  private int port;

  private FakeApiServer() {}

  /** A running server without objects, on a free port. */
  public static FakeApiServer started() {
    var server = new FakeApiServer();
    server.start();
    return server;
  }

  /** Listens, on the same port as before if it was started before. */
  public synchronized void start() {
    if (listener != null) {
      throw new IllegalStateException("started already");
    }
    try {
      var socket =
          Listening.at(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 200);
      port = socket.getLocalPort();
      listener = socket;
      acceptor = Thread.ofVirtual().name("fake-apiserver").start(() -> accept(socket));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        var connection = new HttpConnection(socket.accept());
        connections.add(connection);
        if (socket.isClosed()) {
          connection.close();
        }
        Thread.ofVirtual()
            .start(
                () -> {
                  handler.serve(connection);
                  connections.remove(connection);
                });
      } catch (IOException e) {
        // Closed by stop, or a client that was gone at once.
      }
    }
  }

  /** Closes the port and all connections; objects and counts stay. */
  public synchronized void stop() {
    if (listener == null) {
      return;
    }
    try {
      listener.close();
      if (acceptor != null) {
        acceptor.join(); // The port is free only when nobody waits on it any more.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listener = null;
    connections.forEach(HttpConnection::close);
    connections.clear();
  }

  @Override
  public void close() {
    stop();
  }

  /** {@code http://127.0.0.1:PORT}. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** A kubeconfig that leads here, with a token that nobody checks. */
  public String kubeconfig() {
    return kubeconfig("test-token");
  }

  /** The same with a token of choice, by which requests of several clients are told apart. */
  public String kubeconfig(String token) {
    return """
    apiVersion: v1
    kind: Config
    clusters: [{name: fake, cluster: {server: "%s"}}]
    users: [{name: test, user: {token: %s}}]
    contexts: [{name: fake, context: {cluster: fake, user: test, namespace: default}}]
    current-context: fake
    """
        .formatted(url(), token);
  }

  /** Creates or replaces every object of a YAML or JSON text of several documents. */
  public void apply(String manifests) {
    Json.documents(manifests).forEach(this::apply);
  }

  /** Creates an object or replaces it, status included; answers the stored tree. */
  public JsonNode apply(ObjectNode object) {
    var resource = ApiGroups.resource(object.path("kind").asText());
    var meta = object.path("metadata");
    var namespace = "";
    if (ApiGroups.namespaced(resource)) {
      namespace = meta.path("namespace").asText("default");
    }
    try {
      var name = meta.path("name").asText();
      if (store.get(resource, namespace, name) == null) {
        return store.create(resource, namespace, object);
      }
      var stored = store.update(request(resource, namespace, name, ""), object);
      if (object.has("status")) {
        stored = store.update(request(resource, namespace, name, "status"), object);
      }
      return stored;
    } catch (ApiError e) {
      throw new IllegalStateException(e);
    }
  }

  /** Deletes an object that is there. */
  public void delete(String resource, String namespace, String name) {
    try {
      store.delete(request(resource, namespace, name, ""));
    } catch (ApiError e) {
      throw new IllegalStateException(e);
    }
  }

  /** The stored object, or null. */
  public @Nullable JsonNode get(String resource, String namespace, String name) {
    return store.get(resource, namespace, name);
  }

  /** How many objects of a resource there are. */
  public int size(String resource) {
    return store.size(resource);
  }

  /** The version of the latest change of all. */
  public long version() {
    return store.version();
  }

  private static ApiRequest request(String resource, String namespace, String name, String sub) {
    var target = new ApiRequest.Target(resource, namespace, name, sub);
    return new ApiRequest(
        "update", "", target, java.util.Map.of(), java.util.Map.of(), Json.MAPPER.nullNode());
  }

  /**
   * Serves these resources, and only these, in a group version such as {@code extensions/v1beta1}.
   */
  public void serve(String groupVersion, String... resources) {
    groups.serve(groupVersion, List.of(resources));
  }

  /** Serves nothing in a group version any more: its paths answer 404. */
  public void withdraw(String groupVersion) {
    groups.withdraw(groupVersion);
  }

  /** Forgets the history of a resource; watches from versions before now are answered 410. */
  public void compact(String resource) {
    store.compact(resource);
  }

  /** Makes all continue tokens that are under way answer 410. */
  public void expirePages() {
    store.expirePages();
  }

  /**
   * How often watches get a bookmark without being asked to; null for never. Applies to new
   * watches.
   */
  public void bookmarksEvery(@Nullable Duration interval) {
    handler.bookmarks(interval);
  }

  /** Faults of whole requests. */
  public Faults faults() {
    return faults;
  }

  /** How many watches of a resource are open. */
  public int openWatches(String resource) {
    return store.watches(resource).size();
  }

  /** Sends a bookmark of the newest version on all open watches of a resource. */
  public void bookmark(String resource) {
    store.watches(resource).forEach(watch -> watch.bookmark(store.version()));
  }

  /** Sends an event of a test's making on all open watches of a resource. */
  public void send(String resource, String type, JsonNode object) {
    store.watches(resource).forEach(watch -> watch.line(type, object));
  }

  /** Ends the open watches of a resource with an ERROR event of code 410. */
  public void expireWatches(String resource) {
    store.watches(resource).forEach(watch -> watch.expire("too old resource version"));
  }

  /** Ends the open watches of a resource as if their time were up. */
  public void endWatches(String resource) {
    store.watches(resource).forEach(WatchStream::end);
  }

  /** Cuts the connections of the open watches of a resource. */
  public void dropWatches(String resource) {
    store.watches(resource).forEach(WatchStream::drop);
  }

  /**
   * Sends nothing more on the open watches of a resource, which stay open beyond their time;
   * answers how many there are.
   */
  public int stallWatches(String resource) {
    var stalled = store.watches(resource);
    stalled.forEach(WatchStream::stall);
    return stalled.size();
  }

  /** How many requests there were; an empty text stands for any verb or resource. */
  public int count(String verb, String resource) {
    return log.of(verb, resource).size();
  }

  /** The requests in the order of their arrival. */
  public List<ApiRequest> requests(String verb, String resource) {
    return log.of(verb, resource);
  }

  /** Forgets the requests so far. */
  public void clearRequests() {
    log.clear();
  }
}
