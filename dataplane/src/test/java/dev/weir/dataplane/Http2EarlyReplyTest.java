package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

/** Replies that come before their requests have: clients see all of them, and send little more. */
class Http2EarlyReplyTest {
  private static final int NO_ERROR = 0;
  private static final int CANCEL = 8;
  private static final int WINDOW = 65_535;
  private static final int LARGE = 8 << 20;

  private static int toNobody(Http2Client client, String... more) throws Exception {
    var fields = new String[8 + more.length];
    var usual =
        new String[] {
          ":method", "POST", ":scheme", "http", ":path", "/", ":authority", "nobody.test"
        };
    System.arraycopy(usual, 0, fields, 0, 8);
    System.arraycopy(more, 0, fields, 8, more.length);
    return client.request(false, fields);
  }

  /** Sends as much as the windows allow, of so many bytes, and the end with the last; how much. */
  private static int sendAllowed(Http2Client client, int id, int size) throws Exception {
    int sent = 0;
    while (sent < size) {
      int piece = Math.min(1000, size - sent);
      if (client.mayNotSend(id, piece)) {
        return sent;
      }
      sent += piece;
      client.data(id, "x".repeat(piece), sent == size);
    }
    return sent;
  }

  /** Sends so many bytes as soon as the windows allow them. */
  private static void sendAll(Http2Client client, int id, int size) {
    int[] left = {size};
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              left[0] -= sendAllowed(client, id, left[0]);
              return left[0] == 0;
            });
  }

  @Test
  void theReplyIsThereBeforeTheResetAndTheConnectionGoesOn() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      // The reset waits for the answer, however slow this machine is.
      client.ignorePings();
      int id = client.post("/", "content-length", Integer.toString(LARGE));
      var reply = client.await(id);
      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.ended()).isTrue();
      assertThat(reply.resetCode()).isEqualTo(-1);
      int sent = sendAllowed(client, id, LARGE);
      // Of so long a body nothing more is wanted.
      assertThat(sent).isLessThanOrEqualTo(WINDOW);
      assertThat(client.granted(id)).isZero();
      client.awaitUnansweredPing();
      client.answerPings();
      client.awaitReset(id);
      assertThat(reply.resetCode()).isEqualTo(NO_ERROR);
      client.data(id, "late", false);
      assertThat(client.await(client.get("/")).status()).isEqualTo(200);
      assertThat(backend.requests()).hasSize(1);
    }
  }

  /** Its network has taken all that we wrote long before the client reads any of it. */
  @Test
  void aClientThatReadsLateFindsItsReplyBeforeTheReset() throws Exception {
    try (var plane = new TestPlane();
        var slow = Http2Client.unsettled(plane.port());
        var client = Http2Client.connect(plane.port())) {
      slow.ignorePings();
      slow.frame(Http2Client.SETTINGS, 0, 0, Unpooled.EMPTY_BUFFER);
      int late = toNobody(slow, "content-length", Integer.toString(LARGE));
      slow.data(late, "x".repeat(1000), false);
      // So that what would follow the reply of the slow one had its time, too.
      client.awaitReset(toNobody(client, "content-length", Integer.toString(LARGE)));
      slow.listen();
      var reply = slow.await(late);
      assertThat(reply.status()).isEqualTo(404);
      slow.awaitUnansweredPing();
      assertThat(reset(slow, reply)).isFalse();
      assertThat(reply.ended()).isTrue();
      slow.answerPings();
      slow.awaitReset(late);
      assertThat(reply.resetCode()).isEqualTo(NO_ERROR);
    }
  }

  @Test
  void aRestThatIsSmallIsTakenAndNothingIsReset() throws Exception {
    int first = 50_000;
    int size = first + 60_000;
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.readHead();
                  connection.in().readNBytes(first);
                  connection.send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
                  connection.in().readAllBytes();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      // Else it had a second.
      client.ignorePings();
      int id = client.post("/", "content-length", Integer.toString(size));
      for (int left = first; left > 0; left -= 1000) {
        assertThat(client.mayNotSend(id, 1000)).isFalse();
        client.data(id, "x".repeat(1000), false);
      }
      var reply = client.await(id);
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.body()).isEqualTo("no");
      await().until(() -> client.granted(id) >= size - WINDOW);
      sendAll(client, id, size - first);
      assertThat(client.await(toNobodyAtAll(client)).status()).isEqualTo(404);
      assertThat(reply.resetCode()).isEqualTo(-1);
    }
  }

  private static int toNobodyAtAll(Http2Client client) throws Exception {
    int id = toNobody(client);
    client.data(id, "", true);
    return id;
  }

  @Test
  void ofABodyWithoutLengthNoMoreIsTakenThanThat() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      int id = toNobody(client);
      var reply = client.await(id);
      assertThat(reply.status()).isEqualTo(404);
      int[] sent = {0};
      await()
          .until(
              () -> {
                sent[0] += sendAllowed(client, id, LARGE - sent[0]);
                return reset(client, reply);
              });
      assertThat(sent[0]).isLessThanOrEqualTo(2 * WINDOW);
      assertThat(reply.resetCode()).isEqualTo(NO_ERROR);
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
    }
  }

  private static boolean reset(Http2Client client, Http2Client.Reply reply) {
    synchronized (client) {
      return reply.resetCode() >= 0;
    }
  }

  /** What was sent of it is kept for a retry until there is a reply. */
  @Test
  void whatABodyHoldsIsLetGoWithItsReply() throws Exception {
    int size = 40_000;
    var sent = new Semaphore(0);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.readHead();
                  sent.acquire();
                  connection.send(
                      "HTTP/1.1 503 Slow\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                  connection.in().readAllBytes();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      for (int i = 0; i < 30; i++) {
        int id =
            client.request(
                false,
                ":method",
                "PUT",
                ":scheme",
                "http",
                ":path",
                "/",
                ":authority",
                TestPlane.HOST,
                "content-length",
                Integer.toString(size));
        sendAll(client, id, size);
        sent.release();
        assertThat(client.await(id).status()).isEqualTo(503);
      }
      sent.release();
      assertThat(client.await(client.get("/")).status()).isEqualTo(503);
    }
  }

  /** A hundred resets of requests that aren't answered would end the connection. */
  @Test
  void whoGivesUpWhatIsAnsweredHasDoneNothingWrong() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      for (int i = 0; i < 150; i++) {
        int id = toNobody(client, "content-length", Integer.toString(LARGE));
        assertThat(client.await(id).status()).isEqualTo(404);
        client.data(id, "x", false);
        client.reset(id, i % 2 == 0 ? CANCEL : NO_ERROR);
      }
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      assertThat(plane.telemetry().text())
          .contains("weir_http2_abuse_points_total{offence=\"reset_by_client\"} 0\n");
    }
  }

  @Test
  void trailersOfAnAnsweredRequestEndItToo() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      client.ignorePings();
      for (int i = 0; i < 150; i++) {
        int id = toNobody(client, "content-length", "5");
        var reply = client.await(id);
        assertThat(reply.status()).isEqualTo(404);
        client.headers(id, true, "x-trailer", "1");
        assertThat(reply.resetCode()).isEqualTo(-1);
      }
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
    }
  }
}
