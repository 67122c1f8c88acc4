package dev.weir.annotations.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PasswordFileTest {
  private static PasswordFile parse(String text) {
    return PasswordFile.parse(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void remarksAndWhatFollowsTheHashAreLeftOutAndTheFirstLineOfANameCounts() {
    var file =
        parse("# users\n#a:{PLAIN}no\n\nb:{PLAIN}one:remark\r\nc:{PLAIN}two#x\nb:{PLAIN}three\n");
    assertThat(file.users()).containsOnlyKeys("b", "c");
    assertThat(Objects.requireNonNull(file.users().get("b")).orElseThrow().text())
        .isEqualTo("{PLAIN}one");
    assertThat(Objects.requireNonNull(file.users().get("c")).orElseThrow().text())
        .isEqualTo("{PLAIN}two");
    assertThat(file.bad()).isEmpty();
  }

  @Test
  void linesWithoutAHashThatCanBeCheckedAreNamedByNumber() {
    var file = parse("a:{PLAIN}x\nfoo:\nnothing\n:x\nd:plain");
    assertThat(file.bad()).isEqualTo(List.of(2, 3, 4, 5));
    assertThat(file.users()).containsOnlyKeys("a", "foo", "d");
    assertThat(file.users().get("foo")).isEmpty();
  }

  @Test
  void namesKeepTheirBytes() {
    assertThat(parse("jürgen:{PLAIN}x").users()).containsOnlyKeys("j\u00c3\u00bcrgen");
  }

  @Test
  void aFileDoesNotShowWhatIsInIt() {
    assertThat(parse("a:{PLAIN}hunter2").toString()).isEqualTo("1 users");
  }
}
