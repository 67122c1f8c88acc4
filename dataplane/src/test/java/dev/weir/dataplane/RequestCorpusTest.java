package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.wire.Corpus;
import dev.weir.dataplane.wire.Corpus.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients may send, through a data plane over sockets: in one write, and byte by byte. */
@Isolated("It reads everything that is logged")
@TestInstance(Lifecycle.PER_CLASS)
class RequestCorpusTest {
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";
  private static final int BYTE_BY_BYTE_BELOW = 600;

  /** A plane and what its backend got. */
  private record Place(Recorder recorder, RawBackend backend, TestPlane plane) {
    static Place open() throws Exception {
      var recorder = new Recorder();
      var backend = new RawBackend(recorder);
      var plane = TestPlane.forwardingTo(backend);
      plane.route(new PathMatch.Prefix("/public"), "web");
      plane.route(new PathMatch.Prefix("/admin"), "web");
      return new Place(recorder, backend, plane);
    }

    void close() throws Exception {
      plane.close();
      backend.close();
    }
  }

  private final Complaints complaints = new Complaints();
  private Place place;

  /** For requests that may begin upstream and not end: they may get there late. */
  private Place placeForBroken;

  @BeforeAll
  void start() throws Exception {
    place = Place.open();
    placeForBroken = Place.open();
  }

  @AfterAll
  void stop() throws Exception {
    place.close();
    placeForBroken.close();
    assertThat(complaints.all()).isEmpty();
    complaints.close();
  }

  static List<Case> requests() {
    return Corpus.requests();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void isAnsweredAndForwardedAsItMust(Case given) throws Exception {
    run(given, true);
    if (given.input().length < BYTE_BY_BYTE_BELOW) {
      run(given, false);
    }
  }

  private void run(Case given, boolean inOneWrite) throws Exception {
    boolean breaks = given.expects("cut") || given.expects("waiting") || given.expects("begun");
    var plane = breaks ? placeForBroken.plane : place.plane;
    var recorder = breaks ? placeForBroken.recorder : place.recorder;
    int begunBefore = recorder.begun();
    try (var client = plane.client()) {
      send(client, given, inOneWrite);
      if (given.expects("cut")) {
        client.socket().shutdownOutput();
        assertThat(client.readToEnd()).doesNotContain(" 200 ");
      } else if (given.expects("waiting")) {
        try (var other = plane.client()) {
          assertThat(other.get("/other").read().status()).isEqualTo(200);
        }
        assertThat(client.socket().getInputStream().available()).isZero();
        assertThat(recorder.take()).hasSize(1);
      } else {
        readReplies(client, given, recorder);
      }
    }
    assertThat(String.join("", recorder.take())).isEqualTo(given.output());
    if (breaks) {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> recorder.begun() == recorder.brokenOff() + recorder.completed());
    } else {
      assertThat(recorder.begun() - begunBefore).isEqualTo(goodOnes(given));
    }
  }

  private static int goodOnes(Case given) {
    int good = (int) given.statuses().stream().filter(status -> status == 200).count();
    return good + (given.expects("kept") ? 1 : 0);
  }

  private static void readReplies(RawClient client, Case given, Recorder recorder)
      throws IOException {
    RawClient.Reply reply = null;
    for (int status : given.statuses()) {
      reply = client.read();
      while (reply.status() == 100) {
        reply = client.read();
      }
      assertThat(reply.status()).isEqualTo(status);
      if (status >= 400) {
        assertThat(reply.body()).contains("<center><h1>" + status + " ");
      }
    }
    assertThat(reply).isNotNull();
    if (given.expects("closed")) {
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(client.readToEnd()).isEmpty();
    } else {
      assertThat(reply.field("connection")).isNotEqualTo("close");
      var before = recorder.take();
      assertThat(client.get("/after").read().status()).isEqualTo(200);
      assertThat(recorder.take()).hasSize(1);
      recorder.putBack(before);
    }
  }

  private static void send(RawClient client, Case given, boolean inOneWrite) throws IOException {
    if (inOneWrite) {
      var input = new String(given.input(), StandardCharsets.ISO_8859_1);
      client.send(given.expects("closed") ? input + SMUGGLED : input);
      return;
    }
    try {
      for (byte b : given.input()) {
        client.send(new byte[] {b});
      }
    } catch (IOException e) {
      // Refused before its end, and closed since. The reply will tell.
      assertThat(given.expects("closed")).isTrue();
    }
  }
}
