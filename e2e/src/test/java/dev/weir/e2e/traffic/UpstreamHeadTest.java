package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.wire.Head;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What an upstream is told of a request (ingress-nginx.md 4.7). */
@TestInstance(Lifecycle.PER_CLASS)
class UpstreamHeadTest {
  private final Site site =
      Site.of(
          "",
          Objects.secret("cert", KeyPairPem.of("secure.test"))
              + Ingress.named("secure")
                  .tls("cert", "secure.test")
                  .host("secure.test")
                  .prefix("/", "echo")
                  .yaml(),
          Backend.echo("echo"));

  @AfterAll
  void close() {
    site.close();
  }

  private Head echoed(String fields) throws IOException {
    try (var wire = site.wire()) {
      var reply = wire.send("GET /x?y=%20z HTTP/1.1\r\n" + fields + "\r\n").reply();
      assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
      return reply.echoed();
    }
  }

  @Test
  void aPlainRequestGetsExactlyTheseFields() throws IOException {
    var head = echoed("Host: echo.test\r\nUser-Agent: test\r\nAccept: */*\r\n");

    assertThat(head.startLine()).isEqualTo("GET /x?y=%20z HTTP/1.1");
    var fields = new TreeMap<String, String>();
    head.fields().forEach(field -> assertThat(fields.put(field.name(), field.value())).isNull());
    assertThat(fields.remove("x-request-id")).matches("[0-9a-f]{32}");
    assertThat(fields)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("host", "echo.test"),
                Map.entry("user-agent", "test"),
                Map.entry("accept", "*/*"),
                Map.entry("x-real-ip", "127.0.0.1"),
                Map.entry("x-forwarded-for", "127.0.0.1"),
                Map.entry("x-forwarded-host", "echo.test"),
                Map.entry("x-forwarded-port", Integer.toString(site.weir().http().getPort())),
                Map.entry("x-forwarded-proto", "http"),
                Map.entry("x-forwarded-scheme", "http"),
                Map.entry("x-scheme", "http")));
  }

  @Test
  void overTlsTheSchemeIsHttpsAndThePort443() throws IOException {
    try (var wire = Wire.tls(site.weir().https(), "secure.test")) {
      var head = wire.get("secure.test", "/").echoed();

      assertThat(head.field("x-forwarded-proto")).isEqualTo("https");
      assertThat(head.field("x-forwarded-scheme")).isEqualTo("https");
      assertThat(head.field("x-scheme")).isEqualTo("https");
      assertThat(head.field("x-forwarded-port")).isEqualTo("443");
    }
  }

  @Test
  void hostAndPortAreForwardedAsReceived() throws IOException {
    var head = echoed("Host: Echo.Test:8080\r\n");

    assertThat(head.field("host")).isEqualTo("Echo.Test:8080");
    assertThat(head.field("x-forwarded-host")).isEqualTo("Echo.Test:8080");
  }

  @Test
  void whatAClientSaysOfOtherProxiesIsNotTrustedButKept() throws IOException {
    var head =
        echoed(
            """
            Host: echo.test
            X-Forwarded-For: 1.2.3.4
            X-Forwarded-Host: evil.test
            X-Forwarded-Port: 99
            X-Forwarded-Proto: https
            X-Forwarded-Scheme: https
            X-Scheme: https
            X-Real-IP: 1.2.3.4
            X-Request-ID: my-id
            """
                .replace("\n", "\r\n"));

    assertThat(head.field("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(head.field("x-original-forwarded-for")).isEqualTo("1.2.3.4");
    assertThat(head.field("x-forwarded-host")).isEqualTo("echo.test");
    assertThat(head.field("x-original-forwarded-host")).isEqualTo("evil.test");
    assertThat(head.field("x-forwarded-port"))
        .isEqualTo(Integer.toString(site.weir().http().getPort()));
    assertThat(head.field("x-forwarded-proto")).isEqualTo("http");
    assertThat(head.field("x-forwarded-scheme")).isEqualTo("http");
    assertThat(head.field("x-scheme")).isEqualTo("http");
    assertThat(head.field("x-real-ip")).isEqualTo("127.0.0.1");
    assertThat(head.field("x-request-id")).isEqualTo("my-id");
  }

  @Test
  void proxyAndNamesWithUnderscoreDoNotReachTheUpstream() throws IOException {
    var head = echoed("Host: echo.test\r\nProxy: x\r\nX_Under: y\r\nX-Dash: z\r\n");

    assertThat(head.raw().toLowerCase(Locale.ROOT)).doesNotContain("\r\nproxy:", "x_under");
    assertThat(head.field("x-dash")).isEqualTo("z");
  }

  @Test
  void fieldsOfTheConnectionStayOnTheConnection() throws IOException {
    var head =
        echoed(
            """
            Host: echo.test
            Connection: X-Mine, keep-alive
            X-Mine: secret
            Keep-Alive: timeout=5
            TE: gzip
            Trailer: X-T
            X-Other: stays
            """
                .replace("\n", "\r\n"));

    assertThat(head.raw().toLowerCase(Locale.ROOT))
        .doesNotContain("x-mine", "keep-alive", "\r\nte:", "\r\ntrailer:");
    assertThat(head.field("x-other")).isEqualTo("stays");
  }

  @Test
  void repeatedFieldsKeepTheirOrder() throws IOException {
    var head = echoed("Host: echo.test\r\nX-A: 1\r\nAccept: a\r\nX-A: 2\r\nCookie: c=1\r\n");

    assertThat(head.all("x-a")).containsExactly("1", "2");
    assertThat(head.field("cookie")).isEqualTo("c=1");
  }
}
