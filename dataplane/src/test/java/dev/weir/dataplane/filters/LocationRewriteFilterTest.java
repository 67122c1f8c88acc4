package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.LocationRewrite;
import dev.weir.dataplane.model.TextRule;
import dev.weir.testsupport.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocationRewriteFilterTest {
  private static LocationRewriteFilter filter(String from, String to) {
    return new LocationRewriteFilter(new LocationRewrite(TextRule.beginning(from, to)));
  }

  @ParameterizedTest
  @CsvSource({
    "http://inner/,        https://a.test/, http://inner/x?y#z,  https://a.test/x?y#z",
    "http://inner/,        https://a.test/, http://inner,        http://inner",
    "http://inner/,        https://a.test/, HTTP://inner/x,      HTTP://inner/x",
    "http://inner/,        https://a.test/, /http://inner/,      /http://inner/",
    "/app,                 /,               /app/x,              //x",
    "~^http://[^/]+/(.*)$, /$1,             http://inner:8080/x, /x",
    "~inner,               /whole,          http://inner/x,      /whole",
    "~Inner,               /whole,          http://inner/x,      http://inner/x",
    "~*Inner,              /whole,          http://inner/x,      /whole"
  })
  void theBeginningOrWhatMatchesIsReplaced(
      String from, String to, String location, String expected) {
    assertThat(ReplyRewriting.line(filter(from, to), "location", location)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "5;url=http://inner/x,   5;url=/x",
    "0; URL=http://inner/,   0; URL=/",
    "5,                      5",
    "5; url=http://other/,   5; url=http://other/",
    "http://inner/,          http://inner/"
  })
  void aRefreshLeadsElsewhereToo(String line, String expected) {
    assertThat(ReplyRewriting.line(filter("http://inner/", "/"), "refresh", line))
        .isEqualTo(expected);
  }

  @Test
  void whatIsRewrittenOnceStaysUnlessTheNewBeginningIsTheOldOne() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var from = "/" + text(random);
      var to = "/" + text(random);
      var rest = text(random);
      var location = random.nextBoolean() ? from + rest : rest;
      var about = "seed %d: %s to %s in %s".formatted(seed, from, to, location);
      var filter = filter(from, to);
      var once = ReplyRewriting.line(filter, "location", location);
      assertThat(once)
          .as(about)
          .isEqualTo(location.startsWith(from) ? to + location.substring(from.length()) : location);
      if (!once.startsWith(from)) {
        assertThat(ReplyRewriting.line(filter, "location", once)).as(about).isEqualTo(once);
      }
    }
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      text.append("ab/?%é".charAt(random.nextInt(6)));
    }
    return text.toString().replace("é", "e");
  }
}
