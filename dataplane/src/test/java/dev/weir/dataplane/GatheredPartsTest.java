package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.ExternalAuth;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.ReplyRate;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.RouteId;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamScheme;
import dev.weir.dataplane.upstream.TlsServer;
import dev.weir.dataplane.upstream.TlsServer.Asks;
import dev.weir.tls.ClientTlsPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What a connection has us hold of replies that come in parts of which nothing can be made before
 * they are whole: records of TLS, heads.
 */
class GatheredPartsTest {
  private static final long FIRST = 128 * 1024;
  private static final long LATER = 512 * 1024;
  private static final int STREAMS = 128;

  /** With its head as good as the largest record. */
  private static final String RECORD = "x".repeat(15_000);

  private static final String HALF_A_HEAD = "x".repeat(3_600);

  /** So many connects at once take their time. */
  private static final Timeouts PATIENT =
      new Timeouts(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));

  private final AtomicInteger halves = new AtomicInteger();
  private final CountDownLatch rest = new CountDownLatch(1);

  private static RawBackend records() throws IOException {
    return new RawBackend(
        TlsServer.web(Asks.NOBODY),
        connection -> {
          for (var next = connection.read(); next != null; next = connection.read()) {
            connection.reply(next.requestLine().startsWith("GET /small") ? "small" : RECORD);
          }
        });
  }

  /** Says half of its heads, and the other half when it is told to. */
  private RawBackend heads() throws IOException {
    return new RawBackend(
        connection -> {
          for (var next = connection.read(); next != null; next = connection.read()) {
            if (next.requestLine().startsWith("GET /small")) {
              connection.reply("small");
              continue;
            }
            connection.send("HTTP/1.1 200 OK\r\nX-A: " + HALF_A_HEAD);
            halves.incrementAndGet();
            if (next.requestLine().startsWith("GET /half")) {
              rest.await();
            }
            connection.send(HALF_A_HEAD + "\r\nContent-Length: 4\r\n\r\nbody");
          }
        });
  }

  private static void route(
      TestPlane plane,
      String path,
      Endpoint endpoint,
      UpstreamScheme scheme,
      FilterSettings... filters) {
    var service = "s" + path.substring(1);
    plane.endpoints(service, List.of(endpoint));
    var to = new RouteAction.Forward(TestPlane.id(service), RouteAction.Status.UNAVAILABLE, scheme);
    plane.route(new PathMatch.Prefix(path), to, List.of(filters), PATIENT);
  }

  private static void secured(TestPlane plane, String path, HalvingRelay relay, ReplyRate... rate) {
    var scheme = new UpstreamScheme.Https(ClientTlsPolicy.UNVERIFIED);
    route(plane, path, relay.endpoint(), scheme, rate);
  }

  private static List<Integer> ask(Http2Client client, String path, int count) throws IOException {
    var ids = new ArrayList<Integer>();
    for (int i = 0; i < count; i++) {
      ids.add(client.get(path));
    }
    return ids;
  }

  private static void trust(Http2Client client) throws IOException {
    assertThat(client.await(client.get("/small")).body()).isEqualTo("small");
    client.awaitStreamsAllowed(STREAMS);
  }

  private static void assertWhole(Http2Client client, List<Integer> ids, String body) {
    for (int id : ids) {
      assertThat(client.await(id).body()).isEqualTo(body);
    }
  }

  private static void assertHeld(TestPlane plane) {
    assertThat(plane.held("first")).isLessThanOrEqualTo(FIRST);
    assertThat(plane.held("later")).isLessThanOrEqualTo(LATER);
  }

  @Test
  void moreRecordsThanThereIsRoomForAreReadOneAfterTheOther() throws Exception {
    try (var backend = records();
        var relay = new HalvingRelay(backend.endpoint());
        var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      secured(plane, "/", relay);
      trust(client);
      var ids = ask(client, "/", STREAMS);
      relay.awaitHalves(STREAMS);
      await().untilAsserted(() -> assertThat(plane.held("later")).isGreaterThan(64 * 1024));
      relay.passAll();
      assertWhole(client, ids, RECORD);
      assertHeld(plane);
    }
  }

  @Test
  void anEndpointThatIsSilentInTheMiddleOfARecordStopsNoOther() throws Exception {
    try (var backend = records();
        var silent = new HalvingRelay(backend.endpoint());
        var others = new HalvingRelay(backend.endpoint()).passAll();
        var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      secured(plane, "/silent", silent);
      secured(plane, "/", others);
      // Before the first reply there is room for two.
      var waiting = ask(client, "/silent", 2);
      silent.awaitHalves(2);
      await().untilAsserted(() -> assertThat(plane.held("first")).isGreaterThan(RECORD.length()));
      assertWhole(client, ask(client, "/", 18), RECORD);
      silent.passAll();
      assertWhole(client, waiting, RECORD);
      assertHeld(plane);
    }
  }

  @Test
  void moreHalfHeadsThanThereIsRoomForAreReadOneAfterTheOther() throws Exception {
    try (var backend = heads();
        var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      route(plane, "/", backend.endpoint(), new UpstreamScheme.Http());
      trust(client);
      var ids = ask(client, "/half", STREAMS);
      await().until(() -> halves.get() == STREAMS);
      await().untilAsserted(() -> assertThat(plane.held("later")).isGreaterThan(64 * 1024));
      rest.countDown();
      assertWhole(client, ids, "body");
      for (int id : ids) {
        assertThat(client.await(id).field("x-a")).isEqualTo(HALF_A_HEAD.repeat(2));
      }
      assertHeld(plane);
    } finally {
      rest.countDown();
    }
  }

  @Test
  void anEndpointThatIsSilentInTheMiddleOfAHeadStopsNoOther() throws Exception {
    try (var backend = heads();
        var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      route(plane, "/", backend.endpoint(), new UpstreamScheme.Http());
      var waiting = ask(client, "/half", 10);
      await().until(() -> halves.get() == 10);
      await().untilAsserted(() -> assertThat(plane.held("first")).isGreaterThan(16 * 1024));
      assertWhole(client, ask(client, "/whole", 10), "body");
      rest.countDown();
      assertWhole(client, waiting, "body");
      assertHeld(plane);
    } finally {
      rest.countDown();
    }
  }

  @Test
  void headsThatWereWrittenAreHeldNoMore() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  for (var next = connection.read(); next != null; next = connection.read()) {
                    boolean small = next.requestLine().startsWith("GET /small");
                    var field = small ? "" : "X-A: " + HALF_A_HEAD.repeat(2) + "\r\n";
                    connection.send("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 5\r\n\r\n");
                    if (!small) {
                      rest.await();
                    }
                    connection.send("small");
                  }
                });
        var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      route(plane, "/", backend.endpoint(), new UpstreamScheme.Http());
      trust(client);
      var ids = ask(client, "/", STREAMS);
      for (int id : ids) {
        assertThat(client.awaitHead(id).status()).isEqualTo(200);
      }
      assertHeld(plane);
      rest.countDown();
      assertWhole(client, ids, "small");
    } finally {
      rest.countDown();
    }
  }

  @Test
  void repliesOfAuthenticationServicesCount() throws Exception {
    try (var service = heads();
        var backend = RawBackend.answering("body");
        var plane = TestPlane.withLocalOrigins();
        var client = Http2Client.connect(plane.port())) {
      var url = "http://127.0.0.1:" + service.endpoint().port() + "/half";
      route(plane, "/", backend.endpoint(), new UpstreamScheme.Http(), asking(url));
      var ids = ask(client, "/", 20);
      await().until(() -> halves.get() == 20);
      await().untilAsserted(() -> assertThat(plane.held("first")).isGreaterThan(32 * 1024));
      rest.countDown();
      assertWhole(client, ids, "body");
      assertHeld(plane);
    } finally {
      rest.countDown();
    }
  }

  private static ExternalAuth asking(String url) {
    return new ExternalAuth(
        new RouteId(HostPattern.of(TestPlane.HOST), new PathMatch.Prefix("/")),
        new ExternalAuth.Question(
            Template.literal(url),
            "GET",
            Template.literal("/"),
            List.of(),
            ProxySettings.DEFAULT.upstream()),
        new ExternalAuth.Answer(List.of(), false),
        null,
        null);
  }

  @Test
  void whatWaitsForItsRateCounts() throws Exception {
    try (var backend = records();
        var relay = new HalvingRelay(backend.endpoint()).passAll();
        var plane = new TestPlane();
        var client = plane.client()) {
      secured(plane, "/", relay, new ReplyRate(1024, 0));
      client.get("/");
      await().untilAsserted(() -> assertThat(plane.held("first")).isGreaterThan(12_000));
      assertHeld(plane);
    }
  }

  @Test
  void repliesThatAreSlowedDownLeaveRoomForOthers() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.reply("x".repeat(1 << 20));
                  }
                });
        var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      route(plane, "/slow", backend.endpoint(), new UpstreamScheme.Http(), new ReplyRate(1024, 0));
      route(plane, "/", backend.endpoint(), new UpstreamScheme.Http());
      for (int id : ask(client, "/slow", 19)) {
        client.awaitBody(id, 512);
      }
      assertThat(client.await(client.get("/")).body()).hasSize(1 << 20);
      assertHeld(plane);
    }
  }
}
