package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Wire;
import dev.weir.testsupport.http2.ErrorCode;
import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import dev.weir.testsupport.http2.FrameCase;
import dev.weir.testsupport.http2.FrameCase.Step;
import dev.weir.testsupport.http2.FrameCases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients may send as frames, through the program: frame by frame, byte by byte and over TLS.
 * Whatever it is, it has as many lines in the access log as it is requests.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FrameCorpusTest {
  private static final Path CORPUS = Path.of("../dataplane/src/test/resources/corpus/http2");
  private static final String LINE = "corpus ";
  private static final int BYTE_BY_BYTE_BELOW = 600;

  /** Above every stream of a case. */
  private static final int AFTER = 1001;

  private final Collector collector = new Collector();
  private final Site site =
      Site.of(
          "log-format-upstream: \"" + LINE + "$status $request\"",
          Objects.ingress("corpus", FrameCase.HOST, "shop")
              + Ingress.named("admin").host(FrameCase.HOST).prefix("/admin", "shop").yaml(),
          Backend.scripted("shop", collector));
  private int logged;

  @AfterAll
  void close() {
    assertThat(lines()).as("nothing is logged late").isEqualTo(logged);
    site.close();
  }

  static List<FrameCase> cases() {
    return FrameCases.in(CORPUS);
  }

  /** In which pieces a case is sent, and over what. */
  private enum Way {
    FRAME_BY_FRAME,
    BYTE_BY_BYTE,
    OVER_TLS
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void isAnsweredForwardedAndLoggedAsItMust(FrameCase given) throws IOException {
    run(given, Way.FRAME_BY_FRAME);
    run(given, Way.OVER_TLS);
    if (given.bytes().length < BYTE_BY_BYTE_BELOW) {
      run(given, Way.BYTE_BY_BYTE);
    }
  }

  private void run(FrameCase given, Way way) throws IOException {
    try (var client = Http2Wire.over(connect(way))) {
      send(client, given, way);
      if (given.goesOn()) {
        client.send(Frame.headers(AFTER, FieldBlock.get(FrameCase.HOST, "/after"), true));
        assertThat(client.reply(AFTER).outcome()).as("another request").isEqualTo("200");
      } else if (given.waits()) {
        assertThat(site.weir().get(FrameCase.HOST, "/meanwhile").status()).isEqualTo(200);
      } else {
        client.awaitClose();
        var goAway = client.goAway();
        assertThat(goAway == null ? ErrorCode.NO_ERROR.name() : goAway.code().name())
            .isEqualTo(given.saysWhy() ? given.end() : ErrorCode.NO_ERROR.name());
      }
      for (var stream : given.streams().entrySet()) {
        var outcome =
            stream.getValue().equals("open") || !given.goesOn()
                ? client.soFar(stream.getKey())
                : client.reply(stream.getKey());
        assertThat(outcome.outcome())
            .as("stream %d", stream.getKey())
            .isEqualTo(stream.getValue().equals("open") ? "0" : stream.getValue());
      }
    }
    checkForwarded(given);
    checkLogged(given);
  }

  private Wire connect(Way way) throws IOException {
    return way == Way.OVER_TLS
        ? Wire.speaking(site.weir().https(), FrameCase.HOST, "h2")
        : Wire.to(site.weir().http());
  }

  private static void send(Http2Wire client, FrameCase given, Way way) throws IOException {
    if (given.opened()) {
      client.open();
    }
    for (var step : given.input()) {
      switch (step) {
        case Step.Await await -> {
          var _ = client.reply(await.stream());
        }
        case Step.Send send -> {
          try {
            if (way == Way.BYTE_BY_BYTE) {
              for (byte one : send.bytes()) {
                client.send(new byte[] {one});
              }
            } else {
              client.send(send.bytes());
            }
          } catch (IOException e) {
            // Closed before its end. What came back will tell.
            assertThat(given.goesOn()).as("goes on").isFalse();
          }
        }
      }
    }
  }

  /** Requests of several streams arrive in any order. */
  private void checkForwarded(FrameCase given) {
    var left = new ArrayList<>(collector.take());
    if (given.goesOn() || given.waits()) {
      assertThat(left.removeIf(request -> request.contains(" /after "))).isEqualTo(given.goesOn());
      left.removeIf(request -> request.contains(" /meanwhile "));
    }
    assertThat(left).allSatisfy(request -> assertThat(given.output()).contains(request));
    assertThat(left.stream().mapToInt(String::length).sum()).isEqualTo(given.output().length());
  }

  private void checkLogged(FrameCase given) {
    logged += given.logged() + (given.goesOn() || given.waits() ? 1 : 0);
    int expected = logged;
    try {
      Awaitility.await("lines of the access log")
          .atMost(Duration.ofSeconds(60))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(2))
          .untilAsserted(() -> assertThat(lines()).isEqualTo(expected));
    } finally {
      // One failure is none of the next case.
      logged = lines();
    }
  }

  private int lines() {
    return site.weir().log().lines(LINE).size();
  }
}
