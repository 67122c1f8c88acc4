package dev.weir.e2e.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The script {@code weir} beside an installed program, where there is nothing to build. */
class LauncherTest {
  private static final Path SCRIPT = WeirProcess.home().resolve("../../../weir");

  private static Path install(ManifestFolder folder) throws IOException {
    var base = folder.beside();
    var script = Files.copy(SCRIPT, base.resolve("weir"));
    var target = Files.createDirectories(base.resolve("controller/target"));
    Files.createSymbolicLink(target.resolve("weir"), WeirProcess.home().toRealPath());
    return script;
  }

  private static WeirProcess launch(Path script, String java, String argument) {
    return WeirProcess.launchCommand(
        List.of("env", "WEIR_JAVA=" + java, "bash", script.toString(), argument));
  }

  @Test
  void itStartsTheProgramAndPassesItsWordsOn() throws IOException {
    try (var folder = ManifestFolder.empty()) {
      var java = Path.of(System.getProperty("java.home"), "bin", "java");
      try (var weir = launch(install(folder), java.toString(), "--version")) {
        assertThat(weir.exitCode()).isZero();
        assertThat(weir.log().text()).startsWith("weir ");
      }
    }
  }

  @Test
  void withoutAJdk25ItSaysSoInASentence() throws IOException {
    try (var folder = ManifestFolder.empty();
        var weir = launch(install(folder), "/bin/false", "--version")) {
      assertThat(weir.exitCode()).isEqualTo(2);
      assertThat(weir.log().lines()).singleElement().asString().contains("JDK 25");
    }
  }
}
