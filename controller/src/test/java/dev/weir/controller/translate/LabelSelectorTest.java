package dev.weir.controller.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("env", "prod", "app.kubernetes.io/name", "shop", "empty", "");

  private static boolean selects(String selector) {
    return LabelSelector.parse(selector).matches(LABELS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env=prod",
        "env==prod",
        "env != test",
        "missing!=x",
        "env in (prod, stage)",
        "env notin (test)",
        "missing notin (test)",
        "env",
        "!missing",
        "empty=",
        "app.kubernetes.io/name=shop,env in (prod,test),!frozen"
      })
  void theseSelect(String selector) {
    assertThat(selects(selector)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"env=test", "env!=prod", "env in (test)", "env notin (prod)", "missing", "!env"})
  void theseDoNotSelect(String selector) {
    assertThat(selects(selector)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a=b,", "=b", "a in b", "a in (b", "a b", "a=b=c"})
  void theseAreNoSelectors(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: key=value");
  }

  @Test
  void allRequirementsMustHold() {
    assertThat(selects("env=prod,missing")).isFalse();
  }
}
