package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bodies both ways: what comes with them, and that neither side has us hold more than it takes. */
@SuppressWarnings("StringConcatToTextBlock") // Line ends stand where they matter.
class Http2BodyTest {
  private static final int MIB = 1 << 20;

  /** Answers each request with that many bytes, and counts what left. */
  private static RawBackend large(int size, AtomicLong sent) throws Exception {
    return new RawBackend(
        connection -> {
          while (connection.read() != null) {
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            var piece = new byte[16 * 1024];
            for (int left = size; left > 0; left -= piece.length) {
              connection.send(piece);
              sent.addAndGet(piece.length);
            }
          }
        });
  }

  private static void noBodyLimit(TestPlane plane) {
    plane.route(
        new PathMatch.Prefix("/"),
        new RouteAction.Forward(TestPlane.id("web")),
        List.of(),
        Timeouts.DEFAULT);
  }

  @Test
  void aReplyIsReadOnlyAsFarAsTheStreamsWindowTakesIt() throws Exception {
    var sent = new AtomicLong();
    try (var backend = large(24 * MIB, sent);
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).settle(1000)) {
      int id = client.get("/");
      client.awaitBody(id, 1000);
      assertThat(
              client
                  .await(
                      client.request(
                          true,
                          ":method",
                          "GET",
                          ":scheme",
                          "http",
                          ":path",
                          "/",
                          ":authority",
                          "nobody"))
                  .status())
          .isEqualTo(404);
      assertThat(client.received(id)).isEqualTo(1000);
      client.grant(id, 500);
      client.awaitBody(id, 1500);
      // What the kernel's buffers take, and a few reads of ours.
      long before = sent.get();
      assertThat(before).isLessThan(18L * MIB);
      client.grant(0, 32 * MIB);
      client.grant(id, 32 * MIB);
      assertThat(client.await(id).body()).hasSize(24 * MIB);
    }
  }

  @Test
  void aReplyThatWaitsHoldsUpNoOther() throws Exception {
    try (var backend = large(MIB, new AtomicLong());
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).settle(0)) {
      client.grant(0, 8 * MIB);
      int first = client.get("/");
      int second = client.get("/");
      client.awaitHead(first);
      client.grant(second, MIB);
      assertThat(client.await(second).body()).hasSize(MIB);
      assertThat(client.received(first)).isZero();
      client.grant(first, MIB);
      assertThat(client.await(first).body()).hasSize(MIB);
    }
  }

  @Test
  void repliesShareTheConnectionsWindow() throws Exception {
    try (var backend = large(4 * MIB, new AtomicLong());
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).settle(16 * MIB)) {
      assertThat(client.await(client.get("/")).body()).hasSize(4 * MIB);
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < 4; i++) {
        ids.add(client.get("/"));
      }
      // 12 MiB are left for 16 MiB.
      await().until(() -> ids.stream().mapToInt(client::received).sum() == 12 * MIB);
      for (int id : ids) {
        assertThat(client.received(id)).isBetween(MIB, 4 * MIB);
      }
      client.grant(0, 4 * MIB);
      for (int id : ids) {
        assertThat(client.await(id).body()).hasSize(4 * MIB);
      }
    }
  }

  @Test
  void aBodyIsGrantedOnlyAsItsBackendTakesIt() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  var head = Objects.requireNonNull(connection.readHead());
                  release.await();
                  connection.in().readNBytes(Integer.parseInt(head.field("content-length")));
                  connection.reply("done");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      noBodyLimit(plane);
      int size = 32 * MIB;
      int id = client.post("/", "content-length", Integer.toString(size));
      int[] left = {size};
      sendGranted(client, id, left);
      await()
          .during(Duration.ofMillis(300))
          .until(
              () -> {
                sendGranted(client, id, left);
                return left[0] > 8 * MIB;
              });
      // Another request is in nobody's way.
      assertThat(
              client
                  .await(
                      client.request(
                          true,
                          ":method",
                          "GET",
                          ":scheme",
                          "http",
                          ":path",
                          "/",
                          ":authority",
                          "nobody"))
                  .status())
          .isEqualTo(404);
      release.countDown();
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                sendGranted(client, id, left);
                return left[0] == 0;
              });
      assertThat(client.await(id).body()).isEqualTo("done");
    }
  }

  private static void sendGranted(Http2Client client, int id, int[] left) throws Exception {
    int most = 16 * 1024;
    for (int piece = Math.min(most, left[0]); piece > 0; piece = Math.min(most, left[0])) {
      if (client.mayNotSend(id, piece)) {
        return;
      }
      left[0] -= piece;
      client.data(id, "x".repeat(piece), left[0] == 0);
    }
  }

  @Test
  void clientsThatWaitForItAreAskedForTheBody() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int id = client.post("/", "expect", "100-continue", "content-length", "3");
      client.awaitInformational(id);
      client.data(id, "abc", true);
      var reply = client.await(id);
      assertThat(reply.informational()).containsExactly("100");
      assertThat(reply.body()).isEqualTo("abc");
    }
  }

  @Test
  void informationalRepliesArePassedOn() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                  connection.send("HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var reply = client.await(client.get("/"));
      assertThat(reply.informational()).containsExactly("103");
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.field("x-a")).isEqualTo("b");
      assertThat(reply.field("content-length")).isEmpty();
    }
  }

  @Test
  void aReplyToHeadHasTheLengthAndNoBody() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      for (var host : new String[] {TestPlane.HOST, "nobody"}) {
        var reply =
            client.await(
                client.request(
                    true, ":method", "HEAD", ":scheme", "http", ":path", "/", ":authority", host));
        assertThat(reply.body()).isEmpty();
        assertThat(reply.resetCode()).isEqualTo(-1);
        assertThat(reply.status()).isEqualTo(host.equals("nobody") ? 404 : 200);
        assertThat(reply.field("content-length")).isEqualTo(host.equals("nobody") ? "" : "12");
      }
    }
  }

  @Test
  void aHeadThatIsRefusedIsAnsweredWithoutABody() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      for (var method : new String[] {"HEAD", "GET"}) {
        var fields =
            new ArrayList<>(
                List.of(":method", method, ":scheme", "http", ":path", "/", ":authority", "a"));
        for (int i = 0; i < 101; i++) {
          fields.addAll(List.of("x-" + i, "1"));
        }
        var reply = client.await(client.request(true, fields.toArray(new String[0])));
        assertThat(reply.status()).isEqualTo(431);
        assertThat(reply.body().isEmpty()).isEqualTo(method.equals("HEAD"));
        try (var old = plane.client()) {
          old.send(method + " / HTTP/1.1\r\nHost: a\r\n" + "X-A: 1\r\n".repeat(101) + "\r\n");
          var all = old.readToEnd();
          assertThat(all).startsWith("HTTP/1.1 431 ");
          assertThat(all.endsWith("\r\n\r\n")).isEqualTo(method.equals("HEAD"));
        }
      }
    }
  }

  @Test
  void aHeadThatIsTooLongEndsItsStreamAlone() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      var fields =
          new ArrayList<>(
              List.of(":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"));
      for (int i = 0; i < 7; i++) {
        fields.addAll(List.of("x-" + i, "~".repeat(8000)));
      }
      var reply = client.await(client.request(true, fields.toArray(new String[0])));
      assertThat(reply.status()).isEqualTo(431);
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
    }
  }

  @Test
  void trailersReachThoseWhoTakeThem() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n"
                            + "3\r\n"
                            + "abc\r\n"
                            + "0\r\n"
                            + "Grpc-Status: 0\r\n"
                            + "Content-Length: 7\r\n"
                            + "nonsense\r\n"
                            + "X-B:  c \r\n\r\n");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      for (var field : new String[] {"te", "content-type", "x-none"}) {
        var value = field.equals("te") ? "trailers" : "application/grpc+proto";
        var reply =
            client.await(
                client.request(
                    true,
                    ":method",
                    "POST",
                    ":scheme",
                    "http",
                    ":path",
                    "/",
                    ":authority",
                    TestPlane.HOST,
                    field,
                    value));
        assertThat(reply.body()).isEqualTo("abc");
        boolean wanted = !field.equals("x-none");
        assertThat(reply.trailer("grpc-status")).isEqualTo(wanted ? "0" : "");
        assertThat(reply.trailer("x-b")).isEqualTo(wanted ? "c" : "");
        assertThat(reply.trailer("content-length")).isEmpty();
        var request = backend.requests().remove();
        assertThat(request.field("te")).isEqualTo(field.equals("te") ? "trailers" : "");
        assertThat(request.field("connection")).isEqualTo(field.equals("te") ? "te" : "");
      }
      try (var old = plane.client()) {
        assertThat(old.get("/").read().body()).isEqualTo("abc");
      }
    }
  }

  @Test
  void aBrokenOffReplyIsReset() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nabc");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var reply = client.await(client.get("/"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.resetCode()).isEqualTo(2);
      assertThat(client.await(client.get("/none")).resetCode()).isEqualTo(2);
    }
  }

  @Test
  void aBodyThatIsTooLongIsTheClientsFaultAlsoInTheMiddleOfItsReply() throws Exception {
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.readHead();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nabc");
                  connection.in().readAllBytes();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int id = client.post("/", "content-length", "5");
      client.awaitBody(id, 3);
      client.data(id, "abcdefghi", false);
      client.awaitReset(id);
      assertThat(client.await(id).resetCode()).isEqualTo(1);
    }
  }

  @Test
  void aBodyOfAnotherLengthThanAnnouncedNeverLooksWhole() throws Exception {
    var recorder = new Recorder();
    try (var backend = new RawBackend(recorder);
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      int few = client.post("/", "content-length", "5");
      client.data(few, "abc", true);
      int many = client.post("/", "content-length", "5");
      client.data(many, "abcdefghi", true);
      int trailed = client.post("/", "content-length", "5");
      client.data(trailed, "abc", false);
      client.headers(trailed, true, "x-trailer", "1");
      for (int id : new int[] {few, many, trailed}) {
        assertThat(client.await(id).resetCode()).isEqualTo(1);
      }
      assertThat(client.await(client.get("/")).status()).isEqualTo(200);
      assertThat(recorder.completed()).isEqualTo(1);
    }
  }
}
