package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.model.ProxySettings;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows H01 to H05 and H13 of ingress-nginx.md, section 4.7, against real sockets. */
class ForwardedTrustTest {
  private static final List<String> FORWARDED =
      List.of(
          "X-Forwarded-Port: 1234",
          "X-Forwarded-Proto: myproto",
          "X-Forwarded-Scheme: other",
          "X-Forwarded-For: 1.2.3.4",
          "X-Forwarded-Host: myhost");

  static ProxySettings settings(ForwardedTrust trust) {
    var usual = ProxySettings.DEFAULT;
    return new ProxySettings(
        usual.keepAlive(),
        usual.keepAliveRequests(),
        usual.clientHeader(),
        usual.clientBody(),
        usual.upstream(),
        trust,
        ProxySettings.DEFAULT.accessLog());
  }

  static ForwardedTrust fields(String peers) {
    return trust(true, false, false, peers);
  }

  private static ForwardedTrust trust(
      boolean fields, boolean addressOnly, boolean appends, String peers) {
    return new ForwardedTrust(
        fields,
        addressOnly,
        appends,
        ForwardedTrust.USUAL_FIELD,
        AddressSet.parse(peers),
        false,
        Duration.ofSeconds(5));
  }

  /** What the backend gets of a request with these fields. */
  private static RawBackend.Request received(ForwardedTrust trust, List<String> fields)
      throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.settings(settings(trust));
      var head = "GET / HTTP/1.1\r\nHost: shop.example.com\r\n" + String.join("\r\n", fields);
      assertThat(client.send(head + "\r\n\r\n").read().status()).isEqualTo(200);
      return backend.requests().element();
    }
  }

  @Test
  void trustedFieldsArePassedOn() throws Exception {
    var request = received(fields("0.0.0.0/0"), FORWARDED);
    assertThat(request.field("host")).isEqualTo("myhost");
    assertThat(request.field("x-forwarded-host")).isEqualTo("myhost");
    assertThat(request.field("x-forwarded-proto")).isEqualTo("myproto");
    assertThat(request.field("x-forwarded-scheme")).isEqualTo("myproto");
    assertThat(request.field("x-scheme")).isEqualTo("myproto");
    assertThat(request.field("x-forwarded-port")).isEqualTo("1234");
    assertThat(request.field("x-forwarded-for")).isEqualTo("1.2.3.4");
    assertThat(request.field("x-real-ip")).isEqualTo("1.2.3.4");
    assertThat(request.field("x-original-forwarded-for")).isEqualTo("1.2.3.4");
    assertThat(request.field("x-original-forwarded-host")).isEqualTo("myhost");
  }

  @Test
  void theFirstOfSeveralHostsCounts() throws Exception {
    var request =
        received(
            fields("127.0.0.0/8"),
            List.of("X-Forwarded-Host: myhost.com, another.host,example.net"));
    assertThat(request.field("host")).isEqualTo("myhost.com");
    assertThat(request.field("x-forwarded-host")).isEqualTo("myhost.com");
  }

  @Test
  void fieldsOfAPeerThatIsNotTrustedCountForNothing() throws Exception {
    var request = received(fields("10.0.0.0/8"), FORWARDED);
    assertThat(request.field("host")).isEqualTo("shop.example.com");
    assertThat(request.field("x-forwarded-host")).isEqualTo("shop.example.com");
    assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
    assertThat(request.field("x-forwarded-for")).isEqualTo("127.0.0.1");
    assertThat(request.field("x-real-ip")).isEqualTo("127.0.0.1");
    assertThat(request.field("x-original-forwarded-for")).isEqualTo("1.2.3.4");
  }

  @Test
  void valuesThatCanNotBeCountForNothing() throws Exception {
    var request =
        received(
            fields("0.0.0.0/0"),
            List.of(
                "X-Forwarded-Port: 80; evil",
                "X-Forwarded-Proto: https://evil",
                "X-Forwarded-For: evil",
                "X-Forwarded-Host: my host/evil"));
    assertThat(request.field("host")).isEqualTo("shop.example.com");
    assertThat(request.field("x-forwarded-host")).isEqualTo("shop.example.com");
    assertThat(request.field("x-forwarded-port")).matches("[0-9]+").isNotEqualTo("80");
    assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
    assertThat(request.field("x-forwarded-for")).isEqualTo("127.0.0.1");
  }

  @Test
  void onlyTheAddressMayBeBelieved() throws Exception {
    var request = received(trust(false, true, false, "0.0.0.0/0"), FORWARDED);
    assertThat(request.field("x-forwarded-for")).isEqualTo("1.2.3.4");
    assertThat(request.field("x-real-ip")).isEqualTo("1.2.3.4");
    assertThat(request.field("host")).isEqualTo("shop.example.com");
    assertThat(request.field("x-forwarded-host")).isEqualTo("shop.example.com");
    assertThat(request.field("x-forwarded-proto")).isEqualTo("http");
    assertThat(request.field("x-forwarded-port")).isNotEqualTo("1234");
  }

  @Test
  void theChainIsAppendedToIfAsked() throws Exception {
    var lines = List.of("X-Forwarded-For: 1.2.3.4, 5.6.7.8", "X-Forwarded-For: 9.9.9.9");
    var request = received(trust(true, false, true, "127.0.0.0/8,9.9.9.9"), lines);
    assertThat(request.field("x-forwarded-for")).isEqualTo("1.2.3.4, 5.6.7.8, 9.9.9.9, 127.0.0.1");
    assertThat(request.field("x-real-ip")).isEqualTo("5.6.7.8");
  }

  @Test
  void anotherFieldMayHoldTheAddress() throws Exception {
    var trust =
        new ForwardedTrust(
            true, false, false, "cf-connecting-ip", AddressSet.ALL, false, Duration.ofSeconds(5));
    var request =
        received(trust, List.of("CF-Connecting-IP: 192.0.2.9", "X-Forwarded-For: 6.6.6.6"));
    assertThat(request.field("x-forwarded-for")).isEqualTo("192.0.2.9");
    assertThat(request.field("x-original-forwarded-for")).isEqualTo("192.0.2.9");
  }

  @Test
  void aChangeTakesEffectOnOpenConnections() throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      var get = "GET / HTTP/1.1\r\nHost: shop.example.com\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n";
      client.send(get).read();
      plane.settings(settings(fields("0.0.0.0/0")));
      client.send(get).read();
      assertThat(backend.requests().stream().map(request -> request.field("x-forwarded-for")))
          .containsExactly("127.0.0.1", "1.2.3.4");
    }
  }
}
