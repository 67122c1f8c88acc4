package dev.weir.e2e.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.space.Peers;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** All that h2spec asks of a server, the strict cases too, with none left out. */
@Tag(Peers.H2SPEC)
@TestInstance(Lifecycle.PER_CLASS)
class H2specTest {
  private static final String PACKED = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
  private static final int TAR_BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 11;

  /** As h2spec 2.2.0 counts them. */
  private static final int CASES = 146;

  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) tests, (\\d+) passed, (\\d+) skipped, (\\d+) failed");

  @TempDir private static Path folder;

  private final Site site =
      Site.of(
          "",
          Ingress.named("every-host").host("").prefix("/", "echo").yaml(),
          Backend.echo("echo"));

  @AfterAll
  void close() {
    site.close();
  }

  /** The only file of the archive. */
  @BeforeAll
  static void unpack() throws IOException {
    try (var packed = Objects.requireNonNull(H2specTest.class.getResourceAsStream(PACKED), PACKED);
        var archive = new GZIPInputStream(packed)) {
      Files.write(program(), firstFile(archive));
    }
    assertThat(program().toFile().setExecutable(true)).isTrue();
  }

  private static byte[] firstFile(InputStream archive) throws IOException {
    var head = archive.readNBytes(TAR_BLOCK);
    var size = new String(head, SIZE_AT, SIZE_LENGTH, StandardCharsets.US_ASCII);
    return archive.readNBytes(Integer.parseInt(size, 8));
  }

  private static Path program() {
    return folder.resolve("h2spec");
  }

  @Test
  void everyCasePassesOnPlainConnections() throws Exception {
    run(site.weir().http());
  }

  @Test
  void everyCasePassesOverTls() throws Exception {
    run(site.weir().https(), "--tls", "--insecure");
  }

  private static void run(InetSocketAddress at, String... options) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                program().toString(),
                "--strict",
                "--timeout=5",
                "--host=" + at.getHostString(),
                "--port=" + at.getPort()));
    command.addAll(List.of(options));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    var summary = SUMMARY.matcher(output);
    assertThat(summary.find()).as(output).isTrue();
    assertThat(summary.group())
        .as(failures(output))
        .isEqualTo(CASES + " tests, " + CASES + " passed, 0 skipped, 0 failed");
    assertThat(code).as(output).isZero();
  }

  /** What h2spec tells once more at its end; everything, if it has no such list. */
  private static String failures(String output) {
    return output.substring(Math.max(0, output.indexOf("Failures:")));
  }
}
