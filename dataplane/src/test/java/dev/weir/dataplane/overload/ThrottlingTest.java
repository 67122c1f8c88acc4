package dev.weir.dataplane.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThrottlingTest {
  @TempDir Path root;

  private long count(String groups) throws IOException {
    return Throttling.of(Files.writeString(root.resolve("groups"), groups), root).getAsLong();
  }

  private Path stat(String group, String text) throws IOException {
    var folder = Files.createDirectories(root.resolve(group));
    return Files.writeString(folder.resolve("cpu.stat"), text);
  }

  @ParameterizedTest(name = "{0} shown as {1}")
  @CsvSource({
    "0::/kubepods/pod1, kubepods/pod1",
    "0::/kubepods/pod1, .",
    "0::/, .",
    "4:cpu:/pod1, cpu/pod1",
    "4:cpuacct|cpu:/pod1, cpu/pod1",
    "4:cpu:/pod1, cpu",
  })
  void itsGroupSaysHowOftenAProcessWasHeldUp(String line, String shown) throws IOException {
    stat(shown, "nr_periods 20\nnr_throttled 7\nthrottled_time 9\n");
    assertThat(count("7:memory:/other\n" + line.replace('|', ',') + "\n")).isEqualTo(7);
  }

  @Test
  void theCountIsReadAnewEachTime() throws IOException {
    stat(".", "nr_throttled 1\n");
    var throttling = Throttling.of(Files.writeString(root.resolve("groups"), "0::/\n"), root);
    assertThat(throttling.getAsLong()).isEqualTo(1);
    stat(".", "nr_throttled 2\n");
    assertThat(throttling.getAsLong()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({"''", "x", "7:memory:/", "0::/none", "4:cpuset:/"})
  void whereNothingIsSaidNothingWasHeldUp(String groups) throws IOException {
    assertThat(count(groups)).isZero();
    stat(".", "usage_usec 3\n");
    assertThat(count(groups)).isZero();
  }
}
