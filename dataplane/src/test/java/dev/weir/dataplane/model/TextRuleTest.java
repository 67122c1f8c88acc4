package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextRuleTest {
  @ParameterizedTest
  @CsvSource({
    "/a,           /$1,      $1 needs an expression",
    "~(a),         /$2,      the expression has no group $2",
    "~(a,          /,        the expression",
    "~a(?=b),      /,        can't be matched in linear time",
    "/a,           /$nobody, unknown variable $nobody",
    "/$nobody,     /,        unknown variable $nobody"
  })
  void rulesThatCanNotBeFollowedAreRefused(String from, String to, String why) {
    assertThatThrownBy(() -> TextRule.beginning(from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void dotsBeforeDomainsDoNotCount() {
    assertThat(TextRule.domain(".a.test", ".b.test"))
        .isEqualTo(TextRule.domain("a.test", "b.test"));
  }

  @Test
  void rulesReadAsTheyAreWritten() {
    assertThat(TextRule.beginning("~*^/(.*)$", "/x/$1").text()).isEqualTo("~*^/(.*)$ /x/$1");
    assertThat(TextRule.beginning("http://$host/", "/").text()).isEqualTo("http://$host/ /");
  }
}
