package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients notice of an end, which is nothing bad. */
class ShutdownTest {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private final Backend echo = Backend.echo("echo");
  private final Backend slow = Backend.scripted("slow", this::answerLate);
  private final ManifestFolder folder = ManifestFolder.withClass();

  ShutdownTest() {
    folder.write(
        "all.yaml",
        Objects.service(echo)
            + Objects.service(slow)
            + Objects.ingress("echo", "echo.test", "echo")
            + Objects.ingress("slow", "slow.test", "slow"));
  }

  @AfterEach
  void close() {
    echo.close();
    slow.close();
    folder.close();
  }

  private void answerLate(Script.Call call) throws IOException, InterruptedException {
    asked.countDown();
    mayAnswer.await(60, TimeUnit.SECONDS);
    call.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
  }

  @Test
  void requestsAreAnsweredInTheGracePeriodWhileHealthIsBad() throws Exception {
    try (var weir = WeirProcess.run("--manifests=" + folder.path(), "--shutdown-grace-period=6");
        var wire = Wire.to(weir.http())) {
      assertThat(weir.admin("/healthz").status()).isEqualTo(200);
      assertThat(wire.get("echo.test", "/before").status()).isEqualTo(200);

      weir.terminate();
      weir.log().await("ending: unready");
      assertThat(weir.admin("/healthz").status()).isEqualTo(500);
      assertThat(weir.admin("/readyz").status()).isEqualTo(500);
      assertThat(wire.get("echo.test", "/on an old connection".replace(' ', '-')).status())
          .isEqualTo(200);
      assertThat(weir.get("echo.test", "/on-a-new-one").status()).isEqualTo(200);
      assertThat(weir.exitCode()).isZero();
    }
  }

  @Test
  void whatIsInFlightIsFinishedAndItsConnectionClosed() throws Exception {
    try (var weir = WeirProcess.run("--manifests=" + folder.path());
        var idle = Wire.to(weir.http());
        var busy = Wire.to(weir.http())) {
      assertThat(idle.get("echo.test", "/").status()).isEqualTo(200);
      busy.send("GET / HTTP/1.1\r\nHost: slow.test\r\n\r\n");
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

      weir.terminate();
      assertThat(idle.isClosedByPeer()).as("idle connections end").isTrue();
      assertThat(weir.isAlive()).isTrue();
      mayAnswer.countDown();
      var reply = busy.reply();
      assertThat(reply.text()).isEqualTo("late");
      assertThat(reply.field("connection")).isEqualTo("close");
      assertThat(busy.isClosedByPeer()).isTrue();
      assertThat(weir.exitCode()).isZero();
    }
  }

  @Test
  void whatDoesNotEndIsCutOffAfterTheTimeThatTheConfigMapGives() throws Exception {
    folder.write("settings.yaml", Objects.configMap("worker-shutdown-timeout: 1s"));
    try (var weir = WeirProcess.run("--manifests=" + folder.path(), "--configmap=default/weir");
        var stuck = Wire.to(weir.http())) {
      stuck.send("GET / HTTP/1.1\r\nHost: slow.test\r\n\r\n");
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
      weir.log().expect("1 connections had not ended after 1 s");

      weir.terminate();
      assertThat(stuck.isClosedByPeer()).isTrue();
      assertThat(weir.exitCode()).isZero();
      assertThat(weir.log().lines("had not ended")).hasSize(1);
    } finally {
      mayAnswer.countDown();
    }
  }

  @Test
  void nothingIsAcceptedAnyMoreOnceTheGracePeriodIsOver() throws Exception {
    try (var weir = WeirProcess.run("--manifests=" + folder.path());
        var busy = Wire.to(weir.http())) {
      var address = weir.http();
      busy.send("GET / HTTP/1.1\r\nHost: slow.test\r\n\r\n");
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();

      weir.terminate();
      WeirProcess.eventually("closed ports", () -> refuses(address), refused -> refused);
      assertThat(weir.admin("/healthz").status()).isEqualTo(500);
      mayAnswer.countDown();
      assertThat(busy.reply().text()).isEqualTo("late");
      assertThat(weir.exitCode()).isZero();
    }
  }

  private static boolean refuses(InetSocketAddress address) {
    try (var wire = Wire.to(address)) {
      return wire.localPort() == 0;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void theNextRunHasTheSamePorts() {
    var first = WeirProcess.run("--manifests=" + folder.path());
    var ports =
        new String[] {
          "run",
          "--manifests=" + folder.path(),
          "--bind-address=127.0.0.1",
          "--healthz-host=127.0.0.1",
          "--http-port=" + first.http().getPort(),
          "--https-port=" + first.https().getPort(),
          "--healthz-port=" + first.admin().getPort()
        };
    assertThat(first.get("echo.test", "/").status()).isEqualTo(200);
    first.close();

    try (var second = WeirProcess.launch(ports).ready()) {
      assertThat(second.get("echo.test", "/").status()).isEqualTo(200);
    }
  }

  @Test
  void ctrlCEndsItToo() {
    try (var weir = WeirProcess.run("--manifests=" + folder.path())) {
      weir.interrupt();
      assertThat(weir.exitCode()).isZero();
    }
  }

  @Test
  void anEndBeforeItIsReadyIsOneToo() {
    try (var weir =
        WeirProcess.launch(
            "run",
            "--apiserver-host=http://127.0.0.1:1",
            "--bind-address=127.0.0.1",
            "--http-port=0",
            "--https-port=0",
            "--healthz-host=127.0.0.1",
            "--healthz-port=0")) {
      weir.log().expect("127.0.0.1:1");
      assertThat(weir.admin("/healthz").status()).isEqualTo(500);
      weir.terminate();
      assertThat(weir.exitCode()).isZero();
    }
  }
}
