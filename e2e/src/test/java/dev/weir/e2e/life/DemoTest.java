package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.Curl;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code weir demo} as a newcomer meets it. Its backends have fixed ports, so one at a time. */
class DemoTest {
  private static final Path MANIFESTS = WeirProcess.home().resolve("../../../manifests/demo");

  private static FileChannel onlyDemo() throws IOException {
    var file = Path.of(System.getProperty("java.io.tmpdir"), "weir-demo-test.lock");
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    channel.lock();
    return channel;
  }

  private static void copy(ManifestFolder folder) throws IOException {
    try (var files = Files.list(MANIFESTS)) {
      for (var file : files.toList()) {
        folder.write(file.getFileName().toString(), Files.readString(file));
      }
    }
  }

  private static int port(WeirProcess weir, String name) {
    var line = weir.log().await("  " + name + " ");
    var match = Pattern.compile("//127\\.0\\.0\\.1:(\\d+)").matcher(line);
    assertThat(match.find()).as(line).isTrue();
    return Integer.parseInt(match.group(1));
  }

  @Test
  void theScreenSaysWhatThereIsItsCommandsWorkAndEditsAreLive() throws IOException {
    try (var alone = onlyDemo();
        var folder = ManifestFolder.empty()) {
      copy(folder);
      try (var weir =
          WeirProcess.launch(
              "demo",
              "--manifests=" + folder.path(),
              "--http-port=0",
              "--https-port=0",
              "--healthz-port=0")) {
        weir.log().await("Ctrl-C ends it");
        int http = port(weir, "http");
        assertThat(weir.log().text())
            .containsPattern("\\d+ hosts, \\d+ routes")
            .contains("Certificates", "https://127.0.0.1:" + port(weir, "https"));
        assertThat(weir.log().text()).containsAnyOf("No warnings.", "Warnings");

        var commands = weir.log().lines("  curl ");
        assertThat(commands).hasSize(3);
        for (var command : commands) {
          var reply = Curl.parse(command.strip()).run();
          assertThat(reply.status()).as(command).isEqualTo(200);
          assertThat(reply.text()).as(command).contains("\"backend\"");
        }

        var shop = Files.readString(folder.path().resolve("shop.yaml"));
        folder.write("shop.yaml", shop.replace("shop.localhost", "edited.localhost"));
        var edited =
            Curl.parse("curl -H 'Host: edited.localhost' 'http://127.0.0.1:" + http + "/'");
        weir.log().await("live now:");
        assertThat(edited.run().status()).isEqualTo(200);

        weir.interrupt();
        weir.assertExitCode(0);
        assertThat(weir.log().text()).contains("Goodbye");
      }
      assertThat(alone.isOpen()).isTrue();
    }
  }

  /** What the build of the image trains its cache with. */
  @Test
  void aRehearsalServesItselfAndAClusterAndEnds() throws IOException {
    try (var alone = onlyDemo();
        var weir =
            WeirProcess.launch(
                "demo",
                "--rehearse",
                "--manifests=" + MANIFESTS,
                "--http-port=0",
                "--https-port=0",
                "--healthz-port=0")) {
      weir.assertExitCode(0);
      assertThat(weir.log().text())
          .containsPattern("Rehearsed with [1-9]\\d+ requests")
          .containsPattern("Rehearsed with a cluster of 40\\d hosts and 100 reviews");
      assertThat(alone.isOpen()).isTrue();
    }
  }
}
