package dev.weir.annotations.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueParsersTest {
  private enum Word {
    ONE,
    TWO_PARTS
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "t", "T", "TRUE", "true", "True"})
  void theseAreTrue(String text) throws Exception {
    assertThat(Booleans.parse(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "f", "F", "FALSE", "false", "False"})
  void theseAreFalse(String text) throws Exception {
    assertThat(Booleans.parse(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "no", "on", "off", "tRue", "2", "true false"})
  void theseAreNoTruthValues(String text) {
    assertThatThrownBy(() -> Booleans.parse(text)).hasMessage("expected: true or false");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "512,512", "1k,1024", "8M,8388608", "8m,8388608", "1g,1073741824"})
  void sizesAreBytes(String text, long bytes) throws Exception {
    assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8b", "15r", "m", "-1", "1.5m", "8 m", "8mb", "999999999999999g"})
  void theseAreNoSizes(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("a size such as 8m");
  }

  @Test
  void numbersHaveALeastValue() throws Exception {
    assertThat(Integers.from(0).parse("+5")).isEqualTo(5);
    assertThatThrownBy(() -> Integers.from(1).parse("0")).hasMessageContaining("1 or more");
    assertThatThrownBy(() -> Integers.from(0).parse("5s")).hasMessageContaining("whole number");
    assertThatThrownBy(() -> Integers.from(0).parse("99999999999"))
        .hasMessageContaining("whole number");
    assertThat(Integers.between(1, 9).parse("9")).isEqualTo(9);
    assertThatThrownBy(() -> Integers.between(1, 9).parse("0"))
        .hasMessage("expected: a whole number from 1 to 9");
    assertThatThrownBy(() -> Integers.between(1, 9).parse("10"))
        .hasMessage("expected: a whole number from 1 to 9");
    assertThatThrownBy(() -> Integers.oneOf(301, 308).parse("303"))
        .hasMessage("expected: one of 301, 308");
  }

  @Test
  void secondsHaveNoUnit() throws Exception {
    assertThat(Seconds.from(1).parse("60")).isEqualTo(Duration.ofMinutes(1));
    assertThatThrownBy(() -> Seconds.from(1).parse("60s")).hasMessageContaining("without unit");
  }

  @Test
  void choicesAreSpelledAsDeclared() throws Exception {
    assertThat(Choice.anyCase(Word.class).parse("two_Parts")).isEqualTo(Word.TWO_PARTS);
    assertThat(Choice.lowerCase(Word.class).parse("one")).isEqualTo(Word.ONE);
    assertThatThrownBy(() -> Choice.lowerCase(Word.class).parse("ONE"))
        .hasMessage("expected: one of one, two_parts");
  }

  @Test
  void listsAreTrimmed() {
    assertThat(CommaList.parse(" a, b ,,c")).isEqualTo(List.of("a", "b", "c"));
  }
}
