package dev.weir.controller.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each folder of {@code src/test/resources/translate} is a case: {@code in.yaml}, perhaps {@code
 * options.properties}, and what they must come to, {@code routes.txt} and {@code findings.txt}.
 *
 * <p>A new case needs only a folder with {@code in.yaml}; {@code -Dweir.golden.update=true} writes
 * the other two, to be read before they are kept.
 */
class TranslateGoldenTest {
  private static final Path FOLDERS = Path.of("src/test/resources/translate");
  private static final int FEWEST_CASES = 45;

  @TestFactory
  Stream<DynamicTest> manifestsTranslateToTheTableAndFindingsBesideThem() throws IOException {
    return folders().stream()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    folder.getFileName().toString().replace('-', ' '), () -> check(folder)));
  }

  @Test
  void noCaseGetsLost() throws IOException {
    assertThat(folders()).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
  }

  private static List<Path> folders() throws IOException {
    try (var folders = Files.list(FOLDERS)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static void check(Path folder) throws IOException {
    var result = GoldenCase.of(folder);
    if (Boolean.getBoolean("weir.golden.update")) {
      Files.writeString(folder.resolve("routes.txt"), result.routes());
      Files.writeString(folder.resolve("findings.txt"), result.findings());
    }
    assertThat(result.routes()).isEqualTo(Files.readString(folder.resolve("routes.txt")));
    assertThat(result.findings()).isEqualTo(Files.readString(folder.resolve("findings.txt")));
  }
}
