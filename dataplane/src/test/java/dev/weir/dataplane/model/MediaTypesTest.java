package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {
  @ParameterizedTest
  @CsvSource({
    "text/css, true",
    "TEXT/CSS, true",
    "text/css; charset=utf-8, true",
    "text/css ;charset=utf-8, true",
    "application/json, true",
    "text/html, true",
    "text/csv, false",
    "text/cssx, false",
    "'', false",
    "text, false"
  })
  void aTypeIsComparedWholeWithoutParametersAndCase(String type, boolean listed) {
    assertThat(MediaTypes.parse("text/css\tApplication/JSON").contain(type)).isEqualTo(listed);
  }

  @Test
  void aStarIsEveryType() {
    assertThat(MediaTypes.parse("*").contain("font/woff2")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"css", "text/", "/css", "text/css,text/plain", "a/b/c", "text/css;", "**"})
  void theseAreNoTypes(String list) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MediaTypes.parse(list))
        .withMessageContaining("is no content type");
  }
}
