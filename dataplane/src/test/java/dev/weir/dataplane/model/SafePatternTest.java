package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafePatternTest {
  private static SafePattern pattern(String text) {
    try {
      return SafePattern.of(text, true);
    } catch (PatternException e) {
      throw new IllegalArgumentException(e.fault(), e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'/id/[0-9]+',   /ID/123a, /ID/123",
    "'/(?P<a>x|xy)', /xyz,     /x",
    "/a,             /b/a,     ",
    "'/(?!api)(.*)', /web/x,   /web/x",
    "'/(?!api)(.*)', /API/x,   ",
    "'(\\w)\\1',     aab,      aa",
  })
  void theBeginningOfTheTextIsMatchedWithoutRegardToCase(String text, String input, String end) {
    var match = pattern(text).matchStart(input);
    assertThat(match == null ? null : match.group(0)).isEqualTo(end);
  }

  @Test
  void groupsHaveNumbersAndNamesInBothEngines() {
    for (var text : new String[] {"/(?<a>x)?(y)", "/(?<a>x)?(y)(?=z|$)"}) {
      var pattern = pattern(text);
      assertThat(pattern.groups()).isEqualTo(2);
      assertThat(pattern.groupNames()).containsOnlyKeys("a").containsValue(1);
      var match = pattern.matchStart("/y");
      assertThat(match).isNotNull();
      assertThat(match.group(1)).isNull();
      assertThat(match.group(2)).isEqualTo("y");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/(foo",
        "/[a",
        "*",
        "/x\\",
        "(a{1000}){1000}",
        "((a{50}){50}){50}",
        "(?!x)(|a)(|a)y",
        "(?!a)(b|){40}"
      })
  void whatIsInvalidOrTooLargeOrUnboundedIsRefused(String text) {
    assertThatThrownBy(() -> SafePattern.of(text, true)).isInstanceOf(PatternException.class);
  }

  @Test
  void onlyRe2IsLinear() {
    assertThat(pattern("/a(b|c)*").linear()).isTrue();
    assertThat(pattern("/(?!a).*").linear()).isFalse();
    assertThat(pattern("/x{8}-x{4}-x{12}").linear()).isTrue();
  }

  @Test
  void aQuotedTextMatchesItself() {
    assertThat(SafePattern.literal("/a.b\\E(").matchStart("/A.B\\e(c")).isNotNull();
    assertThat(SafePattern.literal("/a.b").matchStart("/axb")).isNull();
  }

  /** Reads of characters, not time, are the measure: twice the text takes twice the reads. */
  @ParameterizedTest
  @ValueSource(
      strings = {"/(a+)+$", "/(a|a)*b", "/(.*)(.*)(.*)(.*)x", "/(a?){30}a{30}$", "/([a-z]+)*\\d"})
  void theStepsOfHostileInputGrowLinearly(String text) {
    long few = reads(text, 1_000);
    long many = reads(text, 4_000);
    assertThat(many).isLessThanOrEqualTo(few * 5);
    assertThat(many).isLessThan(100_000);
  }

  private static long reads(String text, int length) {
    var input = new Reads("/" + "a".repeat(length) + "!");
    pattern(text).found(input);
    return input.reads;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a*a*a*(?=b)c", "/(?!x)a*.*a*$b", "/a*(?=a*b)c"})
  void theGuardedEngineGivesUpOnHostileInput(String text) {
    assertThatThrownBy(() -> pattern(text).matchStart("/" + "a".repeat(1_900) + "!"))
        .isInstanceOf(PatternLimitException.class);
    assertThatThrownBy(() -> pattern(text).matchStart("/" + "a".repeat(3_000)))
        .isInstanceOf(PatternLimitException.class);
  }

  /** How deep the engine nests, and whether it remembers what failed, is its own affair. */
  @ParameterizedTest
  @ValueSource(strings = {"/(a+)+(?=b)$", "/(?!x)(a|aa)+$", "/(a*)*(?=c)b"})
  void whatNestsIsNoMatchOrGivenUp(String text) {
    for (int length = 100; length <= 1_900; length += 100) {
      var input = "/" + "a".repeat(length) + "!";
      try {
        assertThat(pattern(text).matchStart(input)).isNull();
      } catch (PatternLimitException e) {
        assertThat(e).hasMessageContaining("text");
      }
    }
  }

  /** A text that counts how often it is read. */
  private static final class Reads implements CharSequence {
    private final String text;
    private long reads;

    Reads(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }
  }
}
