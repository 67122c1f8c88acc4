package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What charts expect of the image: what the Dockerfile says, and its programs, really called. */
class ImageTest {
  private static final Path ROOT = WeirProcess.home().resolve("../../..");

  /** Instructions of the last stage, one a line. */
  private static String image() throws IOException {
    var text = Files.readString(ROOT.resolve("Dockerfile")).replaceAll("\\\\\n\\s*", "");
    return text.substring(text.lastIndexOf("\nFROM "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "groupadd -g 82 ",
        "useradd -u 101 -g 82 ",
        "\nUSER 101:82\n",
        "setcap cap_net_bind_service=+ep /opt/weir/runtime/bin/java",
        "\nEXPOSE 80 443 8443 10254\n",
        "ln -s /opt/weir/launcher /nginx-ingress-controller ",
        "ln -s /opt/weir/launcher /dbg ",
        "ln -s /opt/weir/launcher /wait-shutdown ",
        "mkdir -p /usr/local/certificates ",
        "/usr/local/lib/libmimalloc.so\n",
        "\nENTRYPOINT [\"/opt/weir/runtime/bin/java\", \"@/opt/weir/jvm.options\"",
        "\nCMD [\"run\"]",
      })
  void theDockerfileSays(String expected) throws IOException {
    assertThat(image()).contains(expected);
  }

  /** One with a default would be that on every platform, and the natives those of another. */
  @Test
  void theNativesAreThoseOfThePlatformThatIsBuiltFor() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("Dockerfile")))
        .contains("ARG TARGETARCH")
        .noneMatch(line -> line.startsWith("ARG TARGETARCH="));
  }

  /** The launcher under one of its names, with the folder of the image elsewhere. */
  private static Path install(ManifestFolder folder, String name) throws IOException {
    var home = Files.createDirectories(folder.beside().resolve("opt"));
    var java = Path.of(System.getProperty("java.home"));
    Files.createSymbolicLink(home.resolve("runtime"), java);
    Files.copy(WeirProcess.home().resolve("jvm.options"), home.resolve("jvm.options"));
    try (var jars = Files.list(WeirProcess.home().resolve("lib"))) {
      var path = jars.map(Path::toString).sorted().collect(Collectors.joining(":"));
      Files.writeString(home.resolve("classpath.args"), "-cp\n" + path + "\n");
    }
    var text = Files.readString(ROOT.resolve("build/image/launcher"));
    assertThat(text).contains("home=/opt/weir\n");
    var script = folder.beside().resolve(name);
    // Without the cache that the image's build trains, which the JVM may do without.
    Files.writeString(
        script,
        text.replace("home=/opt/weir\n", "home=" + home + "\n")
            .replace("\"-XX:AOTCache=$home/weir.aot\"", ""));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    return script;
  }

  @Test
  void theControllersNameServesAndTakesFlagsAsChartsPassThem() throws IOException {
    try (var folder = ManifestFolder.withClass()) {
      var script = install(folder, "nginx-ingress-controller");
      var weir =
          WeirProcess.launchCommand(
              List.of(
                  script.toString(),
                  "--manifests=" + folder.path(),
                  "--election-id=ingress-nginx-leader",
                  "--bind-address=127.0.0.1",
                  "--http-port",
                  "0",
                  "--https-port=0",
                  "--healthz-host=127.0.0.1",
                  "--healthz-port=0",
                  "-v=2",
                  "--enable-metrics"));
      try (weir) {
        weir.ready();
        assertThat(weir.get("nobody.test", "/").status()).isEqualTo(404);
        assertThat(weir.log().lines("sized: heap "))
            .singleElement()
            .asString()
            .contains("direct memory", "event loop", "processor", "of memory");
      }
    }
  }

  @Test
  void theOtherNamesAskTheProgramAndNeedLittleMemory() throws IOException {
    try (var folder = ManifestFolder.withClass();
        var weir = WeirProcess.run("--manifests=" + folder.path())) {
      var script = install(folder, "dbg");
      var pid = "--pid=" + weir.pid();
      try (var dbg = WeirProcess.launchCommand(List.of(script.toString(), "general", pid))) {
        dbg.assertExitCode(0);
        assertThat(dbg.log().text()).startsWith("{").contains("controllerPodsCount");
      }
      var wait = Files.copy(script, script.resolveSibling("wait-shutdown"));
      try (var waiting = WeirProcess.launchCommand(List.of(wait.toString(), pid))) {
        waiting.assertExitCode(0);
      }
      weir.assertExitCode(0);
    }
  }
}
