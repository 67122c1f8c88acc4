package dev.weir.controller.source;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.controller.resource.Kind;
import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A fake API server and a source that reads from it, with short times. */
final class ApiServerFixture implements AutoCloseable {
  static final ApiServerTiming SHORT =
      new ApiServerTiming(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(300),
          Duration.ofSeconds(2),
          Duration.ofMillis(10),
          Duration.ofMillis(80),
          Duration.ofMillis(20));

  /** Watches outlive any test, so that every request that a test sees has another reason. */
  static final ApiServerTiming LONG_WATCHES =
      new ApiServerTiming(
          Duration.ofSeconds(600),
          Duration.ofSeconds(600),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofMillis(10),
          Duration.ofMillis(80),
          Duration.ofMillis(20));

  private static final ObjectMapper MAPPER = new ObjectMapper();

  final FakeApiServer server = FakeApiServer.started();
  final Delivered delivered = new Delivered();
  private final Path folder;
  private final ApiServerTiming timing;
  private @Nullable ApiServerAccess access;
  private @Nullable ApiServerSource source;

  ApiServerFixture(Path folder, ApiServerTiming timing) {
    this.folder = folder;
    this.timing = timing;
  }

  /** Starts reading all namespaces. */
  ApiServerSource start() throws SourceException {
    return start("", Map.of());
  }

  ApiServerSource start(String namespace, Map<Kind, Set<String>> also) throws SourceException {
    var options = new ApiServerOptions(kubeconfig().toString(), "", "", namespace, also);
    var opened = ApiServerAccess.open(options);
    access = opened;
    var started = new ApiServerSource(opened, options, timing);
    source = started;
    started.start(delivered);
    return started;
  }

  Path kubeconfig() {
    try {
      return Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitSynced() {
    until(() -> delivered.synced() == 1);
  }

  /** Waits until all kinds have been listed and are watched. */
  void awaitWatching() {
    awaitSynced();
    for (var kind : WatchedKind.ALL) {
      var resource = kind.versions().getFirst().resource();
      until(() -> server.openWatches(resource) == 1);
    }
  }

  static void until(Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofSeconds(60))
        .until(condition);
  }

  /** An Ingress with one rule. */
  static ObjectNode ingress(String namespace, String name, String host) {
    return object(
        """
        {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
         "metadata": {"namespace": "%s", "name": "%s"},
         "spec": {"rules": [{"host": "%s", "http": {"paths": [{"path": "/", "pathType": "Prefix",
           "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}}
        """
            .formatted(namespace, name, host));
  }

  static ObjectNode object(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (source != null) {
      source.close();
    }
    if (access != null) {
      access.close();
    }
    server.close();
  }
}
