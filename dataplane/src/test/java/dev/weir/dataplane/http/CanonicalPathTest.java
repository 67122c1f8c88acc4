package dev.weir.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.weir.testsupport.Seed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
  private static CanonicalPath.Ok ok(String target) {
    return switch (CanonicalPath.of(target)) {
      case CanonicalPath.Ok ok -> ok;
      case CanonicalPath.Bad bad -> fail("%s refused: %s", target, bad.reason());
    };
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/?, /",
    "/a?b=/../c, /a",
    "/a/b/, /a/b/",
    "//admin, /admin",
    "/a//b, /a/b",
    "/a///, /a/",
    "/%66oo, /foo",
    "/a/./b, /a/b",
    "/a/../foo, /foo",
    "/a/%2e%2E/foo, /foo",
    "/a/.%2e/foo, /foo",
    "/a/., /a/",
    "/a/.., /",
    "/a//../b, /b",
    "/a/b/../../c, /c",
    "/.well-known/x, /.well-known/x",
    "/a/..., /a/...",
    "/a/..b, /a/..b",
    "/caf%C3%A9, /café",
    "/%F0%9F%98%80, /😀",
    "/%25zz, /%zz",
    "/a%20b, '/a b'",
    "/%3Fx, /?x",
    "/%23x, /#x",
    "/a;b=1, /a;b=1",
    "/public/..;/admin, /public/..;/admin",
  })
  void aPathIsDecodedOnceMergedAndResolved(String target, String canonical) {
    assertThat(ok(target).path()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "admin",
        "*",
        "a:80",
        "http://a/",
        "?x",
        "/..",
        "/../a",
        "/a/../../b",
        "/%2e%2e",
        "//..",
        "/%zz",
        "/%4",
        "/%",
        "/%2",
        "/%-1",
        "/%00",
        "/a%0d%0ab",
        "/%7f",
        "/%09",
        "/%c0%af",
        "/%e0%80%af",
        "/%f0%80%80%af",
        "/%f8%80%80%80%af",
        "/%c0%ae%c0%ae/",
        "/a#b",
        "/a\\b",
        "/a\"b",
        "/a<b",
        "/a>b",
        "/a^b",
        "/a`b",
        "/a{b",
        "/a|b",
        "/a}b",
        "/a b",
        "/a\tb",
        "/\u00e9",
        "/\u007f",
        "/a?b#c",
        "/a?b c",
        "/a?b\u00e9",
        "/a?\\",
      })
  void anAmbiguousOrMalformedTargetIsRefused(String target) {
    assertThat(CanonicalPath.of(target)).isInstanceOf(CanonicalPath.Bad.class);
    assertThat(CanonicalPath.ifPlain(target)).isNull();
  }

  @Test
  void bytesThatAreNotUtf8StayWhatTheyAreAndDiffer() {
    assertThat(ok("/%E9").path()).isEqualTo("/\uDCE9").isNotEqualTo(ok("/%25E9").path());
    assertThat(ok("/%ED%A0%80").path()).isEqualTo("/\uDCED\uDCA0\uDC80");
    assertThat(ok("/%80").path()).isEqualTo("/\uDC80");
    assertThat(ok("/%C3x").path()).isEqualTo("/\uDCC3x");
    assertThat(ok("/%F4%90%80%80").path()).isEqualTo("/\uDCF4\uDC90\uDC80\uDC80");
  }

  @Test
  void anEncodedSlashIsNeverASlash() {
    assertThat(ok("/a%2fb").path()).isEqualTo("/a\uDC2Fb");
    assertThat(ok("/a%2fb").path()).isNotEqualTo(ok("/a%252fb").path());
    assertThat(ok("/a%5Cb").path()).isEqualTo("/a\uDC5Cb");
  }

  @Test
  void aPlainTargetIsReturnedAsItIs() {
    var target = "/a/b.c/.well-known/~x-_!$&'()*+,=:@";
    assertThat(CanonicalPath.ifPlain(target)).isSameAs(target);
    assertThat(CanonicalPath.ifPlain("/a?x=%zz;//../")).isEqualTo("/a");
    for (var other : List.of("/a//b", "/a/./b", "/a/..", "/.", "/%41", "/a;b", "/..?x")) {
      assertThat(CanonicalPath.ifPlain(other)).as(other).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/a/../foo?x=/../y, /foo?x=/../y",
    "////uuid, ////uuid",
    "/a//b/./c, /a//b/c",
    "/a//../b, /b",
    "/a/%2e%2e/b%2fc, /b%2fc",
    "/a/., /a/",
    "/a/b/.., /a/",
    "/a/.., /",
    "/a/..?q, /?q",
    "/a/../, /",
    "/%66oo/., /%66oo/",
  })
  void onlyDotSegmentsAreTakenOutOfWhatIsForwarded(String target, String forwarded) {
    assertThat(CanonicalPath.forwarded(target)).isEqualTo(forwarded);
    assertThat(ok(target).hadDotSegments()).isEqualTo(!target.equals(forwarded));
  }

  @Test
  void otherReadingsOfAnAmbiguousPathAreListed() {
    assertThat(ok("/public/..;/admin").ambiguous()).isTrue();
    assertThat(CanonicalPath.alternateReadings("/public/..;/admin")).containsExactly("/admin");
    assertThat(CanonicalPath.alternateReadings("/a%2fb")).containsExactly("/a/b");
    assertThat(CanonicalPath.alternateReadings("/a%5Cb")).containsExactly("/a/b");
    assertThat(CanonicalPath.alternateReadings("/a/..%2fb")).containsExactly("/b");
    assertThat(CanonicalPath.alternateReadings("/a/%2e%2e%2f..%2fb")).isNull();
    assertThat(CanonicalPath.alternateReadings("/a%3Bb/c")).containsExactly("/a/c");
    assertThat(CanonicalPath.alternateReadings("/a%2fb;c"))
        .containsExactly("/a/b;c", "/a\uDC2Fb", "/a/b");
    assertThat(CanonicalPath.alternateReadings("/plain")).isEmpty();
    assertThat(ok("/plain/%41").ambiguous()).isFalse();
  }

  /** Whatever is accepted has one canonical form, also after it went through another proxy. */
  @Test
  void theForwardedFormHasTheSameCanonicalPathAndIsFinal() {
    long seed = Seed.get();
    var random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 200_000; round++) {
      var target = randomTarget(random);
      if (CanonicalPath.of(target) instanceof CanonicalPath.Ok ok) {
        accepted++;
        var forwarded = CanonicalPath.forwarded(target);
        var again = ok(forwarded);
        var about = "seed %d target %s forwarded %s".formatted(seed, target, forwarded);
        assertThat(again.path()).as(about).isEqualTo(ok.path());
        assertThat(again.hadDotSegments()).as(about).isFalse();
        assertThat(ok.ambiguous() || !again.ambiguous()).as(about).isTrue();
        assertThat(CanonicalPath.alternateReadings(forwarded))
            .as(about)
            .isEqualTo(CanonicalPath.alternateReadings(target));
        assertThat(CanonicalPath.forwarded(forwarded)).as(about).isEqualTo(forwarded);
        assertThat(ok.hadDotSegments() || forwarded.equals(target)).as(about).isTrue();
        assertThat(ok.path())
            .as(about)
            .startsWith("/")
            .doesNotContain("//")
            .doesNotContain("/./")
            .doesNotContain("/../")
            .doesNotEndWith("/.")
            .doesNotEndWith("/..");
        assertThat(readEncodedAgain(ok.path())).as(about).isEqualTo(ok.path());
      }
    }
    assertThat(accepted).isGreaterThan(20_000);
  }

  /** The canonical path, written with every byte encoded, is its own canonical path. */
  private static String readEncodedAgain(String canonical) {
    var encoded = new StringBuilder();
    canonical
        .codePoints()
        .forEach(
            c -> {
              if (c == '/') {
                encoded.append('/');
              } else if (c >= 0xDC00 && c < 0xDD00) {
                encoded.append("%%%02x".formatted(c - 0xDC00));
              } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                  encoded.append("%%%02x".formatted(b & 0xff));
                }
              }
            });
    return ok(encoded.toString()).path();
  }

  private static final List<String> PIECES =
      List.of(
          "/",
          "/",
          "/",
          "/",
          ".",
          "..",
          "a",
          "b",
          "%2e",
          "%2E",
          "%2f",
          "%5c",
          ";",
          "%3b",
          "x=1",
          "%41",
          "%c3%a9",
          "%e9",
          "%f0%9f%98%80",
          "%80",
          "%25",
          "%c0%af",
          "%zz",
          "#",
          "?");

  private static String randomTarget(Random random) {
    var target = new StringBuilder("/");
    int length = random.nextInt(10);
    for (int i = 0; i < length; i++) {
      target.append(PIECES.get(random.nextInt(PIECES.size() - (random.nextInt(4) == 0 ? 0 : 4))));
    }
    return target.toString();
  }
}
