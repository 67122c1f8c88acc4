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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients may send, through a data plane over sockets: in one write, and byte by byte. */
@TestInstance(Lifecycle.PER_CLASS)
class RequestCorpusTest {
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";
  private static final int BYTE_BY_BYTE_BELOW = 600;

  private final Recorder recorder = new Recorder();
  private final Complaints complaints = new Complaints();
  private RawBackend backend;
  private TestPlane plane;

  @BeforeAll
  void start() throws Exception {
    backend = new RawBackend(recorder);
    plane = TestPlane.forwardingTo(backend);
    plane.route(new PathMatch.Prefix("/public"), "web");
    plane.route(new PathMatch.Prefix("/admin"), "web");
  }

  @AfterAll
  void stop() throws Exception {
    plane.close();
    backend.close();
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
    int begunBefore = recorder.begun();
    int brokenBefore = recorder.brokenOff();
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
        readReplies(client, given);
      }
    }
    assertThat(String.join("", recorder.take())).isEqualTo(given.output());
    if (given.expects("cut") || given.expects("waiting") || given.expects("begun")) {
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> begun(begunBefore, given) == recorder.brokenOff() - brokenBefore);
    } else {
      assertThat(recorder.begun() - begunBefore).isEqualTo(goodOnes(given));
    }
  }

  /** Requests that began and did not end. */
  private int begun(int before, Case given) {
    return recorder.begun() - before - (given.expects("waiting") ? 1 : 0);
  }

  private static int goodOnes(Case given) {
    int good = (int) given.statuses().stream().filter(status -> status == 200).count();
    return good + (given.expects("kept") ? 1 : 0);
  }

  private void readReplies(RawClient client, Case given) throws IOException {
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
