package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.AnyCertificate;
import dev.weir.e2e.wire.Dial;
import dev.weir.e2e.wire.Wire;
import dev.weir.testsupport.http2.ErrorCode;
import dev.weir.testsupport.http2.Frame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When HTTP/2 is spoken, with whom, and how a connection ends. */
class ConnectionTest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);

  private void answerLate(Script.Call call) throws IOException, InterruptedException {
    asked.countDown();
    assertThat(mayAnswer.await(60, TimeUnit.SECONDS)).isTrue();
    call.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
  }

  @Test
  void shutdownFinishesWhatIsInFlightAndSaysWhichThatIs() throws Exception {
    try (var echo = Backend.echo("echo");
        var slow = Backend.scripted("slow", this::answerLate);
        var folder = ManifestFolder.withClass()) {
      folder.write(
          "all.yaml",
          Objects.service(echo)
              + Objects.service(slow)
              + Objects.ingress("echo", "echo.test", "echo")
              + Objects.ingress("slow", "slow.test", "slow"));
      try (var weir = WeirProcess.run("--manifests=" + folder.path());
          var idle = Http2Wire.to(weir.http());
          var busy = Http2Wire.tls(weir.https(), "slow.test")) {
        assertThat(idle.get("echo.test", "/").status()).isEqualTo(200);
        int late = busy.begin("slow.test", "/");
        assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

        weir.terminate();
        var first = busy.awaitGoAway();
        assertThat(first.code()).isEqualTo(ErrorCode.NO_ERROR);
        assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
        // It crosses the first GOAWAY, so to say: it was sent before the last stream was named.
        int crossing = busy.begin("echo.test", "/crossing");
        assertThat(busy.reply(crossing).status()).isEqualTo(200);
        var last = busy.awaitGoAway();
        if (last.lastStream() == Integer.MAX_VALUE) {
          last = busy.await("the last GOAWAY", frame -> frame.is(Frame.GOAWAY));
        }
        assertThat(last.code()).isEqualTo(ErrorCode.NO_ERROR);
        assertThat(last.lastStream()).isEqualTo(crossing);

        idle.awaitClose();
        assertThat(idle.goAway()).isNotNull();
        assertThat(weir.isAlive()).isTrue();
        mayAnswer.countDown();
        assertThat(busy.reply(late).text()).isEqualTo("late");
        busy.awaitClose();
        assertThat(weir.exitCode()).isZero();
      }
    }
  }

  @Test
  void aConnectionEndsInGoodOrderAfterItsLastRequest() throws IOException {
    try (var site = Site.of("keep-alive-requests: \"5\"", "", Backend.echo("echo"));
        var client = Http2Wire.to(site.weir().http())) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("echo.test", "/" + i).status()).isEqualTo(200);
      }
      assertThat(client.awaitGoAway().code()).isEqualTo(ErrorCode.NO_ERROR);
      client.awaitClose();
    }
  }

  @Test
  void whoIsBehindAPeerWithAProxyHeaderIsKnown() throws IOException {
    try (var site = Site.of("use-proxy-protocol: \"true\"", "", Backend.echo("echo"))) {
      var dial =
          new Dial(
              "",
              "",
              "PROXY TCP4 192.0.2.7 192.0.2.8 50000 443\r\n",
              List.of(),
              List.of(),
              List.of(),
              "");
      var wire = Wire.dial(site.weir().http(), false, dial, AnyCertificate.context());
      try (var client = Http2Wire.over(wire).open()) {
        var echoed = client.get("echo.test", "/").echoed();
        assertThat(echoed.field("x-forwarded-for")).isEqualTo("192.0.2.7");
        assertThat(echoed.field("x-forwarded-port")).isEqualTo("443");
      }
      // Without the requests that look for leaks: they would have to begin with a header, too.
      site.weir().terminate();
    }
  }

  @Test
  void whereItIsOffNobodySpeaksIt() throws IOException {
    try (var site = Site.of("use-http2: \"false\"", "", Backend.echo("echo"))) {
      try (var wire = Wire.speaking(site.weir().https(), "echo.test", "h2", "http/1.1")) {
        assertThat(wire.spoken()).isNotEqualTo("h2");
        assertThat(wire.get("echo.test", "/").status()).isEqualTo(200);
      }
      try (var wire = Wire.to(site.weir().http())) {
        wire.send(Frame.preface());
        assertThat(wire.reply().status()).isBetween(400, 505);
        assertThat(wire.isClosedByPeer()).isTrue();
      }
    }
  }

  @Test
  void clientsThatOnlySpeakTheOldVersionGetIt() throws IOException {
    try (var site = Site.of(Backend.echo("echo"))) {
      for (var protocols : List.of(new String[] {"http/1.1"}, new String[] {"spdy/3"})) {
        try (var wire = Wire.speaking(site.weir().https(), "echo.test", protocols)) {
          assertThat(wire.get("echo.test", "/").echoed().startLine()).isEqualTo("GET / HTTP/1.1");
        }
      }
    }
  }

  @Test
  void aHostWithOtherTermsOfTlsIsMisdirected() throws IOException {
    var pair = KeyPairPem.of("one.test", "two.test", "strict.test");
    var manifests =
        Objects.secret("pair", pair)
            + Ingress.named("usual")
                .host("one.test")
                .prefix("/", "echo")
                .host("two.test")
                .prefix("/", "echo")
                .tls("pair", "one.test", "two.test")
                .yaml()
            + Ingress.named("strict")
                .setting("ssl-ciphers", "ECDHE-ECDSA-AES256-GCM-SHA384")
                .host("strict.test")
                .prefix("/", "echo")
                .tls("pair", "strict.test")
                .yaml();
    try (var site = Site.of("", manifests, Backend.echo("echo"));
        var client = Http2Wire.tls(site.weir().https(), "one.test")) {
      assertThat(client.get("one.test", "/").status()).isEqualTo(200);
      assertThat(client.get("two.test", "/").status()).isEqualTo(200);
      assertThat(client.get("strict.test", "/").status()).isEqualTo(421);
      assertThat(client.get("one.test", "/").status()).isEqualTo(200);
      try (var strict = Http2Wire.tls(site.weir().https(), "strict.test")) {
        assertThat(strict.get("strict.test", "/").status()).isEqualTo(200);
        assertThat(strict.get("one.test", "/").status()).isEqualTo(421);
      }
    }
  }
}
