package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testsupport.Seed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateParserTest {
  @Test
  void variablesStandBetweenTexts() {
    assertThat(TemplateParser.parse("http://$host:80/${uri}x?$args").parts())
        .containsExactly(
            new Template.Literal("http://"),
            Template.Variable.HOST,
            new Template.Literal(":80/"),
            Template.Variable.URI,
            new Template.Literal("x?"),
            Template.Variable.ARGS);
  }

  @Test
  void someVariablesCarryAName() {
    assertThat(TemplateParser.parse("$http_X_User$arg_id$cookie_a").parts())
        .containsExactly(
            new Template.RequestField("x-user"),
            new Template.Argument("id"),
            new Template.Cookie("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"$", "a$", "$$", "$nonsense", "${host", "$-", "$http_", "$redirect_port"})
  void whatIsNoVariableIsRefused(String text) {
    assertThatThrownBy(() -> TemplateParser.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyTextIsReadOrRefusedAndReadAgainTheSame() {
    long seed = Seed.get();
    var random = new Random(seed);
    var pieces = List.of("$", "{", "}", "host", "uri", "http_", "a_b", "x", "/", "?", "-", "$args");
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(8); n > 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      Template template;
      try {
        template = TemplateParser.parse(text.toString());
      } catch (IllegalArgumentException e) {
        continue;
      }
      assertThat(template.parts().isEmpty())
          .as("seed %d: %s", seed, text)
          .isEqualTo(text.isEmpty());
      assertThat(template.isConstant())
          .as("seed %d: %s", seed, text)
          .isEqualTo(text.indexOf("$") < 0);
    }
  }
}
