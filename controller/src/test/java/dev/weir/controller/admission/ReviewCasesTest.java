package dev.weir.controller.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What is refused and what is warned of, as data: see {@link ReviewCase}. {@code
 * -Dweir.golden.update=true} writes the answers, to be read before they are kept.
 */
class ReviewCasesTest {
  private static final Path CASES = Path.of("src/test/resources/admission");
  private static final int FEWEST_CASES = 50;

  @TestFactory
  Stream<DynamicTest> whatIsWrittenIsAnsweredAsItsFileSays() throws IOException {
    return files().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString().replace(".txt", "").replace('-', ' '),
                    () -> check(file)));
  }

  @Test
  void noCaseGetsLost() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(FEWEST_CASES);
  }

  private static List<Path> files() throws IOException {
    try (var files = Files.list(CASES)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    }
  }

  private static void check(Path file) throws IOException {
    var wanted = ReviewCase.read(file);
    var answer = wanted.answer();
    if (Boolean.getBoolean("weir.golden.update")) {
      wanted.write(answer);
    }
    assertThat(answer).isEqualTo(ReviewCase.read(file).section("answer"));
    assertThat(answer.lines().filter(line -> line.startsWith("warning: ")))
        .hasSizeLessThanOrEqualTo(AnswerText.MOST_WARNINGS)
        .allMatch(
            line ->
                line.substring("warning: ".length()).getBytes(StandardCharsets.UTF_8).length
                    <= AnswerText.LONGEST_WARNING);
  }
}
