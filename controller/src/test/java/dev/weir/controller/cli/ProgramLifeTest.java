package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.weir.controller.loop.ControllerListener;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program in this process, on a folder of manifests. */
class ProgramLifeTest {
  private static final String MANIFESTS =
      """
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: shop, namespace: default}
      spec:
        ingressClassName: nginx
        defaultBackend: {service: {name: web, port: {number: 80}}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: default}
      spec: {ports: [{port: 80}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
      addressType: IPv4
      ports: [{port: %d}]
      endpoints: [{addresses: [127.0.0.1]}]
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: weir, namespace: default}
      data: {bind-address: 127.0.0.1, worker-shutdown-timeout: 10s}
      """;

  @TempDir Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Stop stop = new Stop();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void itIsReadyWithTheFirstTableAndAtOnceUnreadyWhenTheEndIsAskedFor() throws Exception {
    Files.writeString(folder.resolve("all.yaml"), MANIFESTS.formatted(1));
    try (var program = program(Map.of("shutdown-grace-period", "1"))) {
      assertThat(admin(program, "/healthz").statusCode()).isEqualTo(500);
      assertThat(admin(program, "/healthz").body()).contains("waiting for the first complete list");
      assertThat(program.open()).isTrue();
      assertThat(admin(program, "/healthz").statusCode()).isEqualTo(200);
      stop.request();
      assertThat(admin(program, "/healthz").statusCode()).isEqualTo(500);
      assertThat(admin(program, "/readyz").body()).isEqualTo("shutting down\n");
      var ended = CompletableFuture.runAsync(() -> serve(program));
      assertThat(get(program).statusCode()).as("within the grace period").isEqualTo(502);
      ended.join();
    }
  }

  @Test
  void theAdminPortAnswersUntilThePostShutdownGracePeriodIsOver() throws Exception {
    Files.writeString(folder.resolve("all.yaml"), MANIFESTS.formatted(1));
    try (var program = program(Map.of("post-shutdown-grace-period", "3600"))) {
      assertThat(program.open()).isTrue();
      assertThat(get(program).statusCode()).isEqualTo(502);
      client.close();
      var ending = Thread.ofVirtual().start(() -> serve(program));
      stop.request();
      await().until(() -> refuses(program.listening().getFirst().address()));
      try (var scraper = HttpClient.newHttpClient()) {
        var request = HttpRequest.newBuilder(adminUri(program, "/metrics")).build();
        var scraped = scraper.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(scraped.body()).contains("weir_table_hosts");
      }
      assertThat(ending.isAlive()).isTrue();
      ending.interrupt();
      ending.join();
    }
  }

  private static boolean refuses(InetSocketAddress address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address);
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  @Test
  void aRequestInFlightIsFinishedBeforeTheEnd() throws Exception {
    var arrived = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    var backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          try (exchange) {
            arrived.countDown();
            answer.await();
            exchange.sendResponseHeaders(204, -1);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    backend.start();
    Files.writeString(
        folder.resolve("all.yaml"), MANIFESTS.formatted(backend.getAddress().getPort()));
    try (var program = program(Map.of())) {
      assertThat(program.open()).isTrue();
      var reply = client.sendAsync(request(program), HttpResponse.BodyHandlers.ofString());
      arrived.await();
      stop.request();
      var ended = CompletableFuture.runAsync(() -> serve(program));
      assertThat(ended).isNotDone();
      answer.countDown();
      assertThat(reply.join().statusCode()).isEqualTo(204);
      await().atMost(Duration.ofSeconds(9)).until(ended::isDone);
    } finally {
      answer.countDown();
      backend.stop(0);
    }
  }

  @Test
  void aBrokenFileIsNamedWithLineAndColumnOnTheHealthPageUntilItIsRepaired() throws Exception {
    Files.writeString(folder.resolve("all.yaml"), MANIFESTS.formatted(1));
    try (var program = program(Map.of())) {
      assertThat(program.open()).isTrue();
      var broken = folder.resolve("broken.yaml");
      Files.writeString(broken, "kind: Ingress\nspec: [\n");
      await().until(() -> details(program).contains("broken.yaml:3:1"));
      assertThat(details(program)).contains("findings, error: 1");
      assertThat(admin(program, "/metrics").body()).contains("weir_findings{severity=\"error\"} 1");
      Files.delete(broken);
      await().until(() -> !details(program).contains("broken.yaml"));
    }
  }

  @Test
  void theEndMayBeAskedForBeforeThereIsAnythingToServe() throws Exception {
    stop.request();
    try (var program = program(Map.of())) {
      assertThat(program.open()).isFalse();
    }
  }

  private WeirProgram program(Map<String, String> flags) throws Exception {
    var all = new HashMap<>(flags);
    all.put("manifests", folder.toString());
    all.put("configmap", "default/weir");
    all.put("healthz-host", "127.0.0.1");
    all.put("http-port", "0");
    all.put("https-port", "0");
    all.put("healthz-port", "0");
    var settings = RunSettings.of(new Flags(FlagTable.RUN, all));
    return new WeirProgram(settings, stop, new ControllerListener() {});
  }

  private static void serve(WeirProgram program) {
    try {
      program.serve();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String details(WeirProgram program) throws Exception {
    return admin(program, "/healthz?verbose").body();
  }

  private HttpResponse<String> admin(WeirProgram program, String path) throws Exception {
    return send(adminUri(program, path));
  }

  private static URI adminUri(WeirProgram program, String path) {
    return URI.create("http://127.0.0.1:" + program.admin().getPort() + path);
  }

  private HttpResponse<String> get(WeirProgram program) throws Exception {
    return client.send(request(program), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(WeirProgram program) {
    var http = program.listening().getFirst();
    assertThat(http.text()).startsWith("http 127.0.0.1:");
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.address().getPort()))
        .build();
  }

  private HttpResponse<String> send(URI uri) throws Exception {
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
