package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.h2.Http2Client;
import dev.weir.dataplane.h2.Http2Client.GoAway;
import dev.weir.dataplane.http.UnusualFields;
import dev.weir.dataplane.model.ProxySettings;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How connections that speak HTTP/2 go on and end. */
class Http2LifeTest {
  private static final int NO_STREAM_YET = Integer.MAX_VALUE;

  private static ProxySettings settings(Duration keepAlive, int requests, Duration head) {
    var usual = ProxySettings.DEFAULT;
    return new ProxySettings(
        keepAlive,
        requests,
        new ProxySettings.ClientHeader(head, UnusualFields.DEFAULT, true),
        usual.clientBody(),
        usual.upstream(),
        usual.forwarded(),
        usual.accessLog());
  }

  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void aClientMayOpenTwentyStreamsAndMoreOnceItTookAReply() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    release.await();
                    connection.reply("late");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < 20; i++) {
        ids.add(client.get("/"));
      }
      client.awaitStreamsAllowed(20);
      // REFUSED_STREAM: the client may ask again.
      assertThat(client.await(client.get("/")).resetCode()).isEqualTo(7);
      release.countDown();
      for (int id : ids) {
        assertThat(client.await(id).body()).isEqualTo("late");
      }
      client.awaitStreamsAllowed(128);
      // No more than the first window before there is a body.
      assertThat(client.granted(0)).isZero();
      int id = client.post("/");
      client.data(id, "x", true);
      assertThat(client.await(id).body()).isEqualTo("late");
      await().until(() -> client.granted(0) == 256 * 1024 - 65_535 + 1);
    }
  }

  @Test
  void aClientThatDoesNotKnowItsLimitHasNoMoreInFlightThanOthers() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    release.await();
                    connection.reply("late");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1 << 20)) {
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < 60; i++) {
        ids.add(client.get("/"));
      }
      client.awaitStreamsAllowed(20);
      await().until(() -> backend.requests().size() == 20);
      await().during(Duration.ofMillis(200)).until(() -> backend.requests().size() == 20);
      release.countDown();
      for (int id : ids) {
        assertThat(client.await(id).body()).isEqualTo("late");
      }
    }
  }

  @Test
  void aClientThatNeverSaysThatItKnowsItsLimitIsGivenUp() throws Exception {
    try (var backend = new RawBackend(connection -> connection.in().readAllBytes());
        var plane = TestPlane.forwardingTo(backend)) {
      plane.settings(settings(LONG, 0, Duration.ofMillis(500)));
      try (var few = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1000);
          var many = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1000)) {
        for (int i = 0; i < 21; i++) {
          many.get("/");
          if (i > 0) {
            few.get("/");
          }
        }
        assertThat(many.awaitGoAways(1)).last().extracting(GoAway::code).isEqualTo(4);
        many.awaitClose();
        await().during(Duration.ofMillis(600)).until(() -> !few.closed());
      }
    }
  }

  @Test
  void aClientThatIsNotReadHasTimeToSayThatItKnowsItsLimit() throws Exception {
    int size = 3 << 20;
    var release = new CountDownLatch(1);
    var much = "x".repeat(size);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  release.await();
                  connection.reply(much);
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.unsettled(plane.port())) {
      // Long enough for it to fill its connection, on a machine that is busy.
      plane.settings(settings(LONG, 0, Duration.ofSeconds(5)));
      client.frame(Http2Client.SETTINGS, 0, 0, Unpooled.buffer().writeShort(4).writeInt(1 << 30));
      client.grant(0, 1 << 30);
      var ids = new ArrayList<Integer>();
      for (int i = 0; i < 21; i++) {
        ids.add(client.get("/"));
      }
      await().until(() -> backend.requests().size() == 20);
      release.countDown();
      // It takes nothing, and so is not heard either.
      await().during(Duration.ofMillis(6500)).until(() -> plane.plane().connections() == 1);
      client.listen();
      for (int id : ids) {
        assertThat(client.await(id).body()).hasSize(size);
      }
      assertThat(client.closed()).isFalse();
    }
  }

  @Test
  void anIdleConnectionIsToldThatItEnds() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      plane.settings(settings(Duration.ofMillis(300), 0, LONG));
      int id = client.get("/");
      assertThat(client.await(id).status()).isEqualTo(404);
      assertThat(client.awaitGoAways(1)).containsExactly(new GoAway(id, 0));
      client.awaitClose();
      await().until(() -> plane.plane().connections() == 0);
    }
  }

  @Test
  void aConnectionThatCarriedItsRequestsEndsInGoodOrder() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      plane.settings(settings(LONG, 2, LONG));
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      int last = client.get("/");
      assertThat(client.await(last).status()).isEqualTo(404);
      assertThat(client.awaitGoAways(2))
          .containsExactly(new GoAway(NO_STREAM_YET, 0), new GoAway(last, 0));
      client.awaitClose();
    }
  }

  @Test
  void aDrainLosesNoRequestOfAClientThatDoesNotKnowOfItYet() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  while (connection.read() != null) {
                    release.await();
                    connection.reply("late");
                  }
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port());
        var idle = Http2Client.connect(plane.port())) {
      assertThat(
              idle.await(
                      idle.request(
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
      client.ignorePings();
      int first = client.get("/");
      await().until(() -> backend.requests().size() == 1);
      plane.plane().beginDrain();
      assertThat(client.awaitGoAways(1)).containsExactly(new GoAway(NO_STREAM_YET, 0));
      int second = client.get("/");
      idle.awaitClose();
      assertThat(client.awaitGoAways(2)).last().isEqualTo(new GoAway(second, 0));
      int third = client.get("/");
      release.countDown();
      assertThat(client.await(first).body()).isEqualTo("late");
      assertThat(client.await(second).body()).isEqualTo("late");
      client.awaitClose();
      assertThat(client.received(third)).isZero();
      assertThat(backend.requests()).hasSize(2);
      assertThat(plane.plane().awaitIdle(Duration.ofMinutes(1))).isTrue();
    }
  }

  @Test
  void whatFollowsARequestThatCameTooLateDisturbsNoOther() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  release.await();
                  connection.reply("late");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      client.ignorePings();
      int first = client.get("/");
      await().until(() -> backend.requests().size() == 1);
      plane.plane().beginDrain();
      assertThat(client.awaitGoAways(2)).last().isEqualTo(new GoAway(first, 0));
      int late = client.post("/", "content-length", "4");
      client.data(late, "ab", false);
      client.grant(late, 1000);
      client.data(late, "cd", true);
      client.reset(late, 8);
      release.countDown();
      assertThat(client.await(first).body()).isEqualTo("late");
      client.awaitClose();
      assertThat(backend.requests()).hasSize(1);
    }
  }

  /** They were on their way when it was told, perhaps: no more than may be open at once. */
  @Test
  void requestsThatCameTooLateEndNoOther() throws Exception {
    var release = new CountDownLatch(1);
    try (var backend =
            new RawBackend(
                connection -> {
                  connection.read();
                  release.await();
                  connection.reply("late");
                });
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var nobody =
          new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "nobody"};
      assertThat(client.await(client.request(true, nobody)).status()).isEqualTo(404);
      client.awaitStreamsAllowed(128);
      client.ignorePings();
      int first = client.get("/");
      await().until(() -> backend.requests().size() == 1);
      plane.plane().beginDrain();
      assertThat(client.awaitGoAways(2)).last().isEqualTo(new GoAway(first, 0));
      for (int i = 0; i < 127; i++) {
        client.get("/");
      }
      release.countDown();
      assertThat(client.await(first).body()).isEqualTo("late");
      client.awaitClose();
      assertThat(client.awaitGoAways(2)).hasSize(2);
    }
  }

  /** Each frame has the time that one has; which of them share a packet doesn't matter. */
  @Test
  void aClientWhosePacketsEndInsideOfFramesIsNotSlow() throws Exception {
    try (var plane = new TestPlane()) {
      plane.settings(settings(LONG, 0, Duration.ofSeconds(3)));
      // An answer to SETTINGS would come in the middle of a frame.
      try (var client = Http2Client.unsettled(plane.port()).ignoreSettings().settle(1 << 20)) {
        long begun = System.nanoTime();
        var rest = Unpooled.EMPTY_BUFFER;
        int id = 1;
        while (System.nanoTime() - begun < Duration.ofSeconds(4).toNanos()) {
          var grant = Unpooled.buffer().writeMedium(4).writeByte(8).writeByte(0).writeInt(0);
          grant.writeInt(1);
          var packet = Unpooled.buffer().writeBytes(rest);
          // :method GET, :scheme http, :path / and an authority.
          packet.writeMedium(6).writeByte(1).writeByte(5).writeInt(id);
          packet.writeBytes(new byte[] {(byte) 0x82, (byte) 0x86, (byte) 0x84, 1, 1, 'a'});
          packet.writeBytes(grant, 5);
          rest = grant;
          client.bytes(ByteBufUtil.getBytes(packet));
          assertThat(client.await(id).status()).isEqualTo(404);
          id += 2;
          long since = System.nanoTime();
          await()
              .pollDelay(Duration.ZERO)
              .until(() -> System.nanoTime() - since > Duration.ofMillis(50).toNanos());
        }
      }
    }
  }

  @Test
  void aClientThatAnswersNoPingAndGoesOnLeavesInTimeAllTheSame() throws Exception {
    try (var backend = RawBackend.answering("a");
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      client.ignorePings();
      assertThat(client.await(client.get("/")).body()).isEqualTo("a");
      plane.plane().beginDrain();
      client.awaitGoAways(1);
      int last = client.get("/");
      assertThat(client.await(last).body()).isEqualTo("a");
      assertThat(client.awaitGoAways(2)).last().isEqualTo(new GoAway(last, 0));
      client.awaitClose();
    }
  }

  @Test
  void aClientThatSaysNothingOfHttpIsClosed() throws Exception {
    try (var plane = new TestPlane()) {
      plane.settings(settings(LONG, 0, Duration.ofSeconds(1)));
      try (var silent = Http2Client.unsettled(plane.port()).listen()) {
        silent.awaitClose();
      }
      try (var client = plane.client()) {
        client.send("PRI * HT");
        assertThat(client.closedByServer()).isTrue();
      }
      try (var client = Http2Client.connect(plane.port())) {
        assertThat(client.await(client.get("/")).status()).isEqualTo(404);
        // A HEADERS frame without its end.
        client.frame(Http2Client.HEADERS, 0, 3, Unpooled.buffer().writeByte(0x82));
        client.awaitClose();
      }
    }
  }

  @Test
  void aBodyThatDoesNotComeIsAnswered408() throws Exception {
    try (var backend = RawBackend.echo();
        var plane = TestPlane.forwardingTo(backend);
        var client = Http2Client.connect(plane.port())) {
      var usual = ProxySettings.DEFAULT;
      plane.settings(
          new ProxySettings(
              usual.keepAlive(),
              0,
              usual.clientHeader(),
              Duration.ofMillis(400),
              usual.upstream(),
              usual.forwarded(),
              usual.accessLog()));
      int id = client.post("/", "content-length", "5");
      client.data(id, "ab", false);
      assertThat(client.await(id).status()).isEqualTo(408);
      assertThat(client.await(client.get("/")).status()).isEqualTo(200);
    }
  }

  @Test
  void whoeverTurnsHttp2OffClosesNoConnection() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      plane.settings(ProxySettings.DEFAULT.http2(new ProxySettings.Http2(false, 128)));
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      try (var old = plane.client()) {
        assertThat(old.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").read().status()).isEqualTo(400);
      }
    }
  }

  @Test
  void theNumberOfStreamsFollowsTheSettings() throws Exception {
    try (var plane = new TestPlane();
        var client = Http2Client.connect(plane.port())) {
      client.awaitStreamsAllowed(20);
      plane.settings(ProxySettings.DEFAULT.http2(new ProxySettings.Http2(true, 7)));
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      client.awaitStreamsAllowed(7);
      plane.settings(ProxySettings.DEFAULT.http2(new ProxySettings.Http2(true, 300)));
      assertThat(client.await(client.get("/")).status()).isEqualTo(404);
      client.awaitStreamsAllowed(300);
    }
  }
}
