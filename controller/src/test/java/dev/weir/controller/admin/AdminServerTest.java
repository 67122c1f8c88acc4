package dev.weir.controller.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.controller.loop.Snapshot;
import dev.weir.controller.loop.TableStats;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.VirtualHost;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminServerTest {
  private static final Finding BROKEN_FILE =
      new Finding(
          Severity.ERROR,
          new ObjectRef(new ObjectKey(Kind.MANIFEST, "", "shop.yaml"), ""),
          "shop.yaml:3:7",
          "a mapping was expected\nerror Ingress of/another: line",
          "");

  private final HttpClient client = HttpClient.newHttpClient();
  private final FakeView view = new FakeView();
  private AdminServer server;

  private static final class FakeView implements AdminView {
    volatile Health health = Health.READY;
    volatile boolean brokenMetrics;
    volatile boolean endlessMetrics;
    volatile CompletableFuture<Snapshot> snapshot =
        CompletableFuture.completedFuture(AdminServerTest.snapshot());

    @Override
    public Health health() {
      return health;
    }

    @Override
    public List<String> details() {
      return List.of("source: a folder", BROKEN_FILE.text());
    }

    @Override
    public CompletableFuture<Snapshot> snapshot() {
      return snapshot;
    }

    @Override
    public void writeMetrics(Appendable out) throws IOException {
      out.append("weir_up 1\n");
      while (endlessMetrics) {
        out.append("weir_up 1\n");
      }
      if (brokenMetrics) {
        throw new IllegalStateException("this source is broken");
      }
    }
  }

  @BeforeEach
  void start() throws IOException {
    server =
        AdminServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            "/alive",
            view,
            Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /healthz, 200",
    "GET, /readyz, 200",
    "GET, /alive, 200",
    "GET, /metrics, 200",
    "GET, /debug/routes, 200",
    "GET, /debug/findings, 200",
    "HEAD, /healthz, 200",
    "HEAD, /metrics, 200",
    "GET, /, 404",
    "GET, /healthz/, 404",
    "GET, /debug, 404",
    "POST, /healthz, 405",
    "DELETE, /debug/routes, 405",
  })
  void onlyThePagesThatThereAreAreAnswered(String method, String path, int status)
      throws Exception {
    assertThat(send(method, path).statusCode()).isEqualTo(status);
  }

  @Test
  void whenNotReadyTheHealthPagesSayWhy() throws Exception {
    view.health = Health.notReady("shutting down");
    for (var path : List.of("/healthz", "/readyz", "/alive")) {
      var reply = send("GET", path);
      assertThat(reply.statusCode()).as(path).isEqualTo(500);
      assertThat(reply.body()).isEqualTo("shutting down\n");
    }
  }

  @Test
  void verboseHealthNamesFileLineAndColumnOfABrokenManifest() throws Exception {
    assertThat(send("GET", "/healthz").body()).isEqualTo("ok\n");
    assertThat(send("GET", "/healthz?verbose").body())
        .startsWith("ok\n")
        .contains("source: a folder\n")
        .contains("shop.yaml:3:7: a mapping was expected");
  }

  @Test
  void textOfUsersCanNotBeginALineOfItsOwn() throws Exception {
    assertThat(send("GET", "/debug/findings").body().lines()).hasSize(1);
  }

  @Test
  void routesAreFollowedByFindings() throws Exception {
    assertThat(send("GET", "/debug/routes").body())
        .startsWith("host shop.example.com\n")
        .contains("\n\nerror file shop.yaml shop.yaml:3:7: a mapping");
  }

  @Test
  void headHasTheLengthAndNoBody() throws Exception {
    var reply = send("HEAD", "/healthz");
    assertThat(reply.headers().firstValue("Content-Length")).contains("3");
    assertThat(reply.body()).isEmpty();
    reply = send("HEAD", "/metrics");
    assertThat(reply.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(reply.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, true",
    "'deflate, GZIP;q=0.5', true",
    "'gzip;q=0, identity', false",
    "identity, false",
  })
  void scrapesAreCompressedForThoseWhoTakeThat(String accepted, boolean zipped) throws Exception {
    var request =
        HttpRequest.newBuilder(request("GET", "/metrics"), (name, value) -> true)
            .header("Accept-Encoding", accepted)
            .build();
    var reply = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(reply.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(reply.headers().firstValue("Content-Encoding"))
        .isEqualTo(zipped ? Optional.of("gzip") : Optional.empty());
    var bytes = new ByteArrayInputStream(reply.body());
    try (var text = zipped ? new GZIPInputStream(bytes) : bytes) {
      assertThat(text.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("weir_up 1\n");
    }
  }

  @Test
  void aScrapeThatFailsIsCutOffAndDoesNotKeepOthersOut() throws Exception {
    view.brokenMetrics = true;
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> send("GET", "/metrics")).isInstanceOf(IOException.class);
    }
    view.brokenMetrics = false;
    assertThat(send("GET", "/metrics").body()).isEqualTo("weir_up 1\n");
  }

  @Test
  void scrapersThatDoNotReadKeepNobodyOut() throws Exception {
    view.endlessMetrics = true;
    var hanging = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 2; i++) {
        var socket = new Socket(server.address().getAddress(), server.address().getPort());
        hanging.add(socket);
        socket
            .getOutputStream()
            .write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        // It has begun, so it has its place.
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      assertThat(send("GET", "/debug/routes").statusCode()).isEqualTo(200);
      view.endlessMetrics = false;
      await().untilAsserted(() -> assertThat(send("GET", "/metrics").statusCode()).isEqualTo(200));
    } finally {
      for (var socket : hanging) {
        socket.close();
      }
    }
  }

  @Test
  void healthIsAnsweredWhileTheControllerIsBusyAndClientsStall() throws Exception {
    view.snapshot = new CompletableFuture<>();
    var pages = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    var stalled = new ArrayList<Socket>();
    try {
      for (int i = 0; i < 20; i++) {
        pages.add(client.sendAsync(request("GET", "/debug/routes"), bodies()));
        var socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.getOutputStream().write("GET /healthz HT".getBytes(StandardCharsets.US_ASCII));
        stalled.add(socket);
      }
      assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
    } finally {
      view.snapshot.complete(snapshot());
      for (var socket : stalled) {
        socket.close();
      }
    }
    assertThat(pages).allSatisfy(page -> assertThat(page.join().statusCode()).isIn(200, 503));
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(request(method, path), bodies());
  }

  private HttpRequest request(String method, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + path))
        .method(method, HttpRequest.BodyPublishers.noBody())
        .build();
  }

  private static HttpResponse.BodyHandler<String> bodies() {
    return HttpResponse.BodyHandlers.ofString();
  }

  private static Snapshot snapshot() {
    var hosts = new TreeMap<HostPattern, VirtualHost>();
    var pattern = HostPattern.of("shop.example.com");
    hosts.put(pattern, new VirtualHost(pattern, "", List.of()));
    return new Snapshot(
        new RoutingTable(hosts, new TreeMap<>(), new TreeMap<>(), ProxySettings.DEFAULT),
        List.of(BROKEN_FILE),
        TableStats.NONE);
  }
}
