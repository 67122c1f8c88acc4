package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A small request costs little heap: with the flags that the program is shipped with, and without
 * the compiler's help. Escape analysis is off, so that the count doesn't depend on what is compiled
 * how and when; with it, it is less.
 */
@Isolated("Requests that its program shed for want of CPU would fail it")
class AllocationTest {
  private static final int WARM_UP = 5_000;
  private static final int MEASURED = 20_000;

  /** The exchange, its forwarding and the upstream's stream are 256 of them. */
  private static final int MOST = 264;

  /** Those, the stream and its two halves, and the values of the reply's fields. */
  private static final int MOST_HTTP_2 = 640;

  private static final Path FLAGS = Path.of("..", "controller", "src", "main", "dist");

  @Test
  void aSmallRequestOnAKeptConnectionTakesLittleHeap() throws Exception {
    assertThat(bytesPerRequest(false)).isLessThanOrEqualTo(MOST);
  }

  @Test
  void theUsualLineOfTheAccessLogTakesNoneOfItsOwn() throws Exception {
    assertThat(bytesPerRequest(true)).isLessThanOrEqualTo(MOST);
  }

  @Test
  void aSmallRequestOfHttp2TakesLittleMore() throws Exception {
    assertThat(bytesPerRequest(Http2AllocationProbe.class, true)).isLessThanOrEqualTo(MOST_HTTP_2);
  }

  private static int bytesPerRequest(boolean logged) throws Exception {
    return bytesPerRequest(AllocationProbe.class, logged);
  }

  private static int bytesPerRequest(Class<?> probe, boolean logged) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + FLAGS.resolve("jvm.options"),
                "-XX:-DoEscapeAnalysis",
                "-cp",
                System.getProperty("java.class.path"),
                probe.getName(),
                String.valueOf(WARM_UP),
                String.valueOf(MEASURED),
                String.valueOf(logged))
            .directory(new File("").getAbsoluteFile())
            .redirectErrorStream(true)
            .start();
    String output;
    try (var from = process.getInputStream()) {
      output = new String(from.readAllBytes(), StandardCharsets.UTF_8);
    }
    int code = process.waitFor();
    var line = Pattern.compile("bytes per request: (\\d+)").matcher(output);
    if (code != 0 || !line.find()) {
      throw new AssertionError("The probe ended with " + code + " and no count:\n" + output);
    }
    return Integer.parseInt(line.group(1));
  }
}
