package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/** What clients send at once, before they know how few requests they may have in flight. */
class Http2FirstFlightTest {
  private static final int UPLOADS = 32;
  private static final int SIZE = 256 * 1024;
  private static final int PIECE = 8 * 1024;

  private static RawBackend lengths() throws Exception {
    return new RawBackend(
        connection -> {
          for (var request = connection.read(); request != null; request = connection.read()) {
            connection.reply(Integer.toString(request.body().length()));
          }
        });
  }

  /** Sends a piece of each upload that is allowed one, the last first; whether all was sent. */
  private static boolean sendRound(Http2Client client, List<Integer> ids, int[] left)
      throws Exception {
    boolean all = true;
    for (int i = ids.size() - 1; i >= 0; i--) {
      if (left[i] > 0 && !client.mayNotSend(ids.get(i), PIECE)) {
        left[i] -= PIECE;
        client.data(ids.get(i), "x".repeat(PIECE), left[i] == 0);
      }
      all &= left[i] == 0;
    }
    return all;
  }

  @Test
  void uploadsThatWaitDoNotStarveThoseInFlight() throws Exception {
    try (var backend = lengths();
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1 << 20)) {
      var ids = new ArrayList<Integer>();
      var left = new int[UPLOADS];
      for (int i = 0; i < UPLOADS; i++) {
        ids.add(client.post("/", "content-length", Integer.toString(SIZE)));
        left[i] = SIZE;
      }
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> sendRound(client, ids, left));
      for (int id : ids) {
        assertThat(client.await(id).body()).isEqualTo(Integer.toString(SIZE));
      }
    }
  }

  /**
   * Pieces of a size at which the copies of what was sent would leave less than is granted at once,
   * but enough for one more piece; one at a time, so that each copy finds the same room.
   */
  @Test
  void copiesForARetryLeaveRoomForTheRestOfTheirBodies() throws Exception {
    int piece = 8300;
    int pieces = 12;
    var arrived = new AtomicInteger();
    try (var backend =
            new RawBackend(
                connection -> {
                  var _ = connection.readHead();
                  for (int i = 0; i < pieces * piece; i++) {
                    var _ = connection.in().read();
                    arrived.incrementAndGet();
                  }
                  connection.reply("all");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var ids = List.of(put(client, pieces * piece), put(client, pieces * piece));
      int sent = 0;
      for (int i = 1; i <= pieces; i++) {
        for (int id : ids) {
          soon().until(() -> !client.mayNotSend(id, piece));
          client.data(id, "x".repeat(piece), i == pieces);
          sent += piece;
          int all = sent;
          soon().until(() -> arrived.get() == all);
        }
      }
      for (int id : ids) {
        assertThat(client.await(id).body()).isEqualTo("all");
      }
    }
  }

  private static int put(Http2Client client, int size) throws Exception {
    var length = Integer.toString(size);
    return client.request(
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
        length);
  }

  private static ConditionFactory soon() {
    return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
  }

  @Test
  void requestsDoNotWaitForTheEndOfOnesThatLast() throws Exception {
    var over = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  over.await();
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1 << 20)) {
      for (int i = 0; i < 25; i++) {
        client.get("/");
      }
      await().until(() -> backend.requests().size() == 20);
      await().until(() -> backend.requests().size() == 25);
      over.countDown();
    }
  }

  /** As browsers send them: more than there is room for, if they were unpacked all at once. */
  @Test
  void aHundredRequestsAtOnceAreAllServed() throws Exception {
    var sent = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  for (var next = connection.read(); next != null; next = connection.read()) {
                    sent.await();
                    connection.reply(next.requestLine());
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1 << 20)) {
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < 100; i++) {
        ids.add(client.request(true, usualFields("/image/" + i)));
      }
      await().until(() -> backend.requests().size() == 20);
      await().untilAsserted(() -> assertThat(plane.held("first")).isGreaterThan(30_000));
      sent.countDown();
      for (int i = 0; i < ids.size(); i++) {
        assertThat(client.await(ids.get(i)).body()).isEqualTo("GET /image/" + i + " HTTP/1.1");
      }
      assertThat(plane.held("first")).isLessThanOrEqualTo(128 * 1024);
    } finally {
      sent.countDown();
    }
  }

  private static String[] usualFields(String path) {
    var fields =
        new ArrayList<>(
            List.of(
                ":method", "GET", ":scheme", "http", ":path", path, ":authority", TestPlane.HOST));
    for (int i = 0; i < 14; i++) {
      fields.add("x-usual-" + i);
      fields.add("x".repeat(60));
    }
    return fields.toArray(new String[0]);
  }

  /** It is larger than the room that there is for heads. */
  @Test
  void aHeadThatIsRefusedIsAnsweredAndChangesNoLimit() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      var reply =
          client.await(
              client.request(
                  true,
                  ":method",
                  "GET",
                  ":scheme",
                  "http",
                  ":path",
                  "/",
                  ":authority",
                  "a",
                  "x-large",
                  "a".repeat(60 * 1024)));
      assertThat(reply.resetCode()).isEqualTo(-1);
      assertThat(reply.status()).isEqualTo(431);
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      client.awaitStreamsAllowed(128);
    }
  }
}
