package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashingTest {
  /** A line of the file. */
  record Vector(String password, String hash) {}

  static List<Vector> vectors() throws Exception {
    return Files.readAllLines(Path.of("src/test/resources/passwords/vectors.txt")).stream()
        .filter(line -> !line.startsWith("# "))
        .map(line -> line.split("\t", -1))
        .map(parts -> new Vector(parts[0], parts[1]))
        .toList();
  }

  private static PasswordHash hash(String text) {
    return PasswordHash.parse(latin1(text)).orElseThrow();
  }

  /** One character a byte, as files are read. */
  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static boolean matches(String hash, String password) {
    return PasswordHashing.STANDARD.matches(hash(hash), password.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void aHashMadeElsewhereIsMatchedByItsPasswordAndByNoOther(Vector vector) {
    assertThat(matches(vector.hash, vector.password)).isTrue();
    assertThat(matches(vector.hash, "y" + vector.password)).isFalse();
    assertThat(matches(vector.hash, "Bar")).isFalse();
  }

  @Test
  void everySchemeIsAmongTheVectors() throws Exception {
    assertThat(vectors().stream().map(vector -> hash(vector.hash).scheme()))
        .containsAll(EnumSet.allOf(PasswordHash.Scheme.class));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "abcdefghijklmn",
        "{plain}x",
        "{PLAIN}",
        "{SHA}short=",
        "$2x$10$VjQrGc2b3ALB.E6LCuWLeelmCiP4Voa5T3FGh3hFsw/SXKUROH8Z2",
        "$2y$31$VjQrGc2b3ALB.E6LCuWLeelmCiP4Voa5T3FGh3hFsw/SXKUROH8Z2",
        "$2y$03$VjQrGc2b3ALB.E6LCuWLeelmCiP4Voa5T3FGh3hFsw/SXKUROH8Z2",
        "$5$rounds=999999999$saltsalt$/CnP1OkUPI/YYxBjMGRYh.bV5VNRz1I7OKD4GRMrHm4",
        "$apr1$saltsalt$short",
        "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA",
      })
  void whatIsNoHashThatCanBeCheckedInReasonableTimeIsNone(String text) {
    assertThat(PasswordHash.parse(text)).isEmpty();
  }

  @Test
  void aHashDoesNotShowItself() {
    assertThat(hash("{PLAIN}hunter2").toString()).isEqualTo("PLAIN");
  }
}
