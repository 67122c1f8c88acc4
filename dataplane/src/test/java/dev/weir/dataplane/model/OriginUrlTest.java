package dev.weir.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginUrlTest {
  @ParameterizedTest
  @CsvSource({
    "http://auth, http://auth:80, auth, /",
    "HTTPS://Auth.Example.com/a?b, https://auth.example.com:443, auth.example.com, /a?b",
    "http://10.0.0.1:8080?x=1, http://10.0.0.1:8080, 10.0.0.1, /?x=1",
    "http://[fd00::1]:81/#frag, http://[fd00::1]:81, [fd00::1], /",
    "https://a_b.svc:1/a://b, https://a_b.svc:1, a_b.svc, /a://b"
  })
  void aUrlIsTakenApart(String url, String origin, String host, String target) {
    var parts = OriginUrl.of(url, null);
    assertThat(parts.origin().text()).isEqualTo(origin);
    assertThat(parts.host()).isEqualTo(host);
    assertThat(parts.target()).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "auth.example.com",
        "ftp://a/",
        "http://",
        "http:///x",
        "http://:80/",
        "http://a:/",
        "http://a:0/",
        "http://a:65536/",
        "http://a:8a/",
        "http://invalid..auth.url",
        "http://.a",
        "http://user@a/",
        "http://a b/",
        "http://[::g]/",
        "http://[::1/",
        "http://a\r\nb/"
      })
  void whatIsNoUrlIsRefused(String url) {
    assertThatThrownBy(() -> OriginUrl.of(url, null)).isInstanceOf(IllegalArgumentException.class);
  }
}
