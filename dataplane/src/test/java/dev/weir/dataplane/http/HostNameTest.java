package dev.weir.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
  @ParameterizedTest
  @CsvSource({
    "a, a",
    "A, a",
    "a., a",
    "a:443, a",
    "A.:8080, a",
    "a:, a",
    "shop.Example.com, shop.example.com",
    "x_y-1.a, x_y-1.a",
    "10.0.0.1:80, 10.0.0.1",
    "[::1], [::1]",
    "[FD00::1]:8443, [fd00::1]",
    "[::ffff:10.0.0.1]:80, [::ffff:10.0.0.1]",
    "'', ''",
  })
  void caseAndPortAndOneTrailingDotDoNotMatter(String authority, String host) {
    assertThat(HostName.of(authority)).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "a..",
        "a..b",
        ".a",
        ":80",
        "u@a",
        "a/b",
        "a b",
        "a:80:80",
        "a:x",
        "a:-1",
        "a:65536",
        "a:000080",
        "a,b",
        "a%41",
        "é",
        "a\u0000",
        "*.a",
        "[::1",
        "[::1]x",
        "[::1%eth0]",
        "[]",
        "[::g]",
        "::1",
        "[10.0.0.1]"
      })
  void whatCannotBeAHostIsMalformed(String authority) {
    assertThat(HostName.of(authority)).isNull();
  }

  @Test
  void aHostThatNeedsNoChangeIsReturnedAsItIs() {
    var host = "shop.example.com";
    assertThat(HostName.of(host)).isSameAs(host);
  }

  @Test
  void aNameMayHave253Characters() {
    assertThat(HostName.of("a".repeat(253) + ".:80")).hasSize(253);
    assertThat(HostName.of("a".repeat(254))).isNull();
  }
}
