package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In JVMs with little heap, whose garbage lies among what lives. */
class LiveHeapTest {
  @ParameterizedTest
  @ValueSource(strings = {"Serial", "G1", "Parallel"})
  void garbageRefusesNoRequestWhateverItIsCollectedByAndWhatLivesDoes(String collector)
      throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+Use" + collector + "GC",
                "-Xms96m",
                "-Xmx96m",
                "-XX:MaxNewSize=16m",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xlog:gc",
                "-cp",
                System.getProperty("java.class.path"),
                HeapFilling.class.getName())
            .redirectErrorStream(true)
            .start();
    String output;
    try (var from = process.getInputStream()) {
      output = new String(from.readAllBytes(), StandardCharsets.UTF_8);
    }
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.lines())
        .as(output)
        .contains(
            "garbage: requests are served", "what lives: requests are refused", "gone: NORMAL");
  }
}
