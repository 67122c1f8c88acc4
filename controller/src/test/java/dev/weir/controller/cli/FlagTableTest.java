package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FlagTableTest {
  @ParameterizedTest
  @MethodSource("flagsOfIngressNginx")
  void everyFlagOfIngressNginxIsKnownWithItsDefault(String line) {
    var words = line.split(" ", 2);
    var flag = FlagTable.RUN.find(words[0]);
    assertThat(flag).as(words[0]).isNotNull();
    assertThat(Objects.requireNonNull(flag).defaultValue())
        .isEqualTo(words.length == 1 ? "" : words[1]);
  }

  @Test
  void everyDefaultIsAValueThatItsFlagAccepts() {
    assertThat(FlagTable.RUN.specs())
        .allSatisfy(
            flag ->
                assertThat(flag.type().accepts().test(flag.defaultValue()))
                    .as(flag.typed() + "=" + flag.defaultValue())
                    .isEqualTo(true));
  }

  @Test
  void everyFlagHasASentenceForHelp() {
    assertThat(FlagTable.RUN.specs())
        .allSatisfy(flag -> assertThat(flag.doc()).as(flag.typed()).endsWith("."));
  }

  static List<String> flagsOfIngressNginx() {
    try (var in = FlagTableTest.class.getResourceAsStream("/flags/ingress-nginx.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
