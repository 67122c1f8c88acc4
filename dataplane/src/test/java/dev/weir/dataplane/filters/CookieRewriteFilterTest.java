package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.CookieRewrite;
import dev.weir.dataplane.model.TextRule;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieRewriteFilterTest {
  private static final TextRule DOMAIN = TextRule.domain("inner.test", "shop.example.com");
  private static final TextRule PATH = TextRule.beginning("/app/", "/");

  private static String rewritten(CookieRewrite settings, String line) {
    return ReplyRewriting.line(new CookieRewriteFilter(settings), "set-cookie", line);
  }

  @ParameterizedTest
  @CsvSource({
    "a=b; Path=/app/x,             a=b; Path=/x",
    "a=b;path = /app/ ;Secure,     a=b;path = / ;Secure",
    "a=b; PATH=/app/; Path=/app/y, a=b; PATH=/; Path=/y",
    "a=b; Path=/App/x,             a=b; Path=/App/x",
    "a=b; Path=/x/app/,            a=b; Path=/x/app/",
    "a=b; Path,                    a=b; Path",
    "a=b; Path=,                   a=b; Path=",
    "Path=/app/,                   Path=/app/",
    "a=b; XPath=/app/,             a=b; XPath=/app/",
    "a=b; Domain=.Inner.Test,      a=b; Domain=shop.example.com",
    "a=b; domain=inner.test; Path=/app/; HttpOnly, a=b; domain=shop.example.com; Path=/; HttpOnly",
    "a=b; Domain=x.inner.test,     a=b; Domain=x.inner.test",
    "a=b; Domain=inner.test.,      a=b; Domain=inner.test."
  })
  void domainsChangeWholeAndPathsAtTheirBeginning(String line, String expected) {
    assertThat(rewritten(new CookieRewrite(DOMAIN, PATH), line)).isEqualTo(expected);
  }

  @Test
  void expressionsReplaceAllOfAnAttribute() {
    var path = TextRule.beginning("~*^/USER/([^/]+)", "/u/$1");
    assertThat(rewritten(new CookieRewrite(null, path), "a=b; Path=/user/me/more; Secure"))
        .isEqualTo("a=b; Path=/u/me; Secure");
    var domain = TextRule.domain("~\\.(?P<zone>[a-z]+)\\.test$", "$zone.example.com");
    assertThat(rewritten(new CookieRewrite(domain, null), "a=b; Domain=X.EU.TEST"))
        .isEqualTo("a=b; Domain=EU.example.com");
  }

  @Test
  void moreAttributesMayComeWithTheNewOneButNoneByWayOfAVariable() {
    var secure = TextRule.beginning("/", "/; Secure");
    assertThat(rewritten(new CookieRewrite(null, secure), "a=b; Path=/x; HttpOnly"))
        .isEqualTo("a=b; Path=/; Securex; HttpOnly");
    var variable = TextRule.domain("inner.test", "$host");
    assertThat(rewritten(new CookieRewrite(variable, null), "a=b; Domain=inner.test"))
        .isEqualTo("a=b; Domain=h%3Bst");
  }

  @Test
  void linesStayApartAndInOrder() {
    var filter = new CookieRewriteFilter(new CookieRewrite(null, PATH));
    assertThat(
            ReplyRewriting.lines(
                filter, "set-cookie", List.of("a=1; Path=/app/", "b=2", "c=3; Path=/app/c")))
        .containsExactly("a=1; Path=/", "b=2", "c=3; Path=/c");
    assertThat(ReplyRewriting.lines(filter, "set-cookie", List.of())).isEmpty();
  }

  /** Against a model that takes cookies apart and puts them together again. */
  @Test
  void whateverTheAttributesOnlyTheOneInQuestionChanges() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      var parts = new ArrayList<String>();
      parts.add(text(random, "ab=,\"/%é "));
      for (int n = random.nextInt(5); n > 0; n--) {
        parts.add(attribute(random));
      }
      var line = String.join(";", parts);
      var expected = new ArrayList<String>();
      expected.add(parts.getFirst());
      parts.stream().skip(1).map(CookieRewriteFilterTest::model).forEach(expected::add);
      assertThat(rewritten(new CookieRewrite(DOMAIN, PATH), line))
          .as("seed %d: %s", seed, line)
          .isEqualTo(String.join(";", expected));
    }
  }

  private static String attribute(Random random) {
    var name = pick(random, "Path", "path", "DOMAIN", "domain", "Max-Age", "Secure", "x", "paths");
    var value =
        pick(
            random,
            "=/app/" + text(random, "ab/=\"é"),
            "=inner.test",
            "=.INNER.TEST",
            "=" + text(random, "ab/=,é"),
            "");
    return blanks(random) + name + (random.nextInt(8) == 0 ? " " : "") + value + blanks(random);
  }

  private static String model(String attribute) {
    int equals = attribute.indexOf('=');
    if (equals < 0) {
      return attribute;
    }
    var name = attribute.substring(0, equals).replaceAll("^[ \t]+|[ \t]+$", "");
    var rest = attribute.substring(equals + 1);
    var value = rest.replaceAll("^[ \t]+|[ \t]+$", "");
    var bare = value.startsWith(".") ? value.substring(1) : value;
    var now = value;
    if (name.equalsIgnoreCase("path") && value.startsWith("/app/")) {
      now = "/" + value.substring(5);
    } else if (name.equalsIgnoreCase("domain") && bare.equalsIgnoreCase("inner.test")) {
      now = "shop.example.com";
    }
    int at = value.isEmpty() ? rest.length() : rest.indexOf(value);
    return attribute.substring(0, equals + 1)
        + rest.substring(0, at)
        + now
        + rest.substring(at + value.length());
  }

  private static String blanks(Random random) {
    return pick(random, "", " ", "  ", "\t", "");
  }

  private static String text(Random random, String alphabet) {
    var text = new StringBuilder();
    for (int n = random.nextInt(6); n > 0; n--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static String pick(Random random, String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
