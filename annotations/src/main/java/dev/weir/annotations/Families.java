package dev.weir.annotations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The families of names that no feature declares. */
final class Families {
  /** A file of {@code families} each. */
  private static final List<String> NAMES =
      List.of(
          "affinity",
          "buffers",
          "canary",
          "fastcgi",
          "grpc",
          "http2",
          "limit-keys",
          "log-files",
          "mirror",
          "nginx",
          "nginx-modules",
          "old",
          "snippets",
          "streams",
          "syslog",
          "upstream-hash");

  private Families() {}

  static List<Family> all() {
    return NAMES.stream().map(Families::read).toList();
  }

  private static Family read(String name) {
    var file = "families/" + name + ".txt";
    try (var in = Families.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing");
      }
      return Family.read(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
