package dev.weir.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.AddressAccess;
import dev.weir.dataplane.model.AddressSet;
import dev.weir.dataplane.model.BlockedClients;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.ForwardedTrust;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.SslRedirect;
import dev.weir.dataplane.model.Timeouts;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Address lists and blocked clients: section 7.I of ingress-nginx.md. */
class AccessTest {
  private static int status(FilterSettings filter, String field) throws Exception {
    return status(List.of(filter), field);
  }

  private static int status(List<FilterSettings> filters, String field) throws Exception {
    try (var backend = RawBackend.answering("hello");
        var plane = TestPlane.forwardingTo(backend);
        var client = plane.client()) {
      plane.settings(
          ForwardedTrustTest.settings(
              new ForwardedTrust(
                  true,
                  false,
                  false,
                  ForwardedTrust.USUAL_FIELD,
                  AddressSet.ALL,
                  false,
                  Duration.ofSeconds(5))));
      var action = new RouteAction.Forward(TestPlane.id("web"));
      plane.route(new PathMatch.Prefix("/"), action, filters, Timeouts.DEFAULT);
      var head = "GET / HTTP/1.1\r\nHost: shop.example.com\r\n" + field + "\r\n\r\n";
      int status = client.send(head).read().status();
      assertThat(backend.requests()).hasSize(status == 200 ? 1 : 0);
      return status;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "18.0.0.0/8, 56.0.0.1     |                       | 18.0.0.1     | 403",
        "18.0.0.0/8, 56.0.0.1     |                       | 56.0.0.1     | 403",
        "18.0.0.0/8, 56.0.0.1     |                       | 56.0.0.2     | 200",
        "18.1.0.0/16, 56.0.0.0/8  | 18.0.0.0/8, 55.0.0.0/8 | 18.1.0.1    | 403",
        "18.1.0.0/16, 56.0.0.0/8  | 18.0.0.0/8, 55.0.0.0/8 | 10.10.10.10 | 403",
        "18.1.0.0/16, 56.0.0.0/8  | 18.0.0.0/8, 55.0.0.0/8 | 18.4.0.1    | 200",
        "18.1.0.0/16, 56.0.0.0/8  | 18.0.0.0/8, 55.0.0.0/8 | 55.55.55.55 | 200",
        "                         | 2001:db8::/32          | 2001:db8::1 | 200",
        "                         | 2001:db8::/32          | 18.4.0.1    | 403",
        "                         | 10.0.0.0/8             | ::ffff:10.0.0.1 | 200"
      })
  void deniedAddressesAndThoseNotAllowedAreRefused(
      String denied, String allowed, String client, int status) throws Exception {
    var access = new AddressAccess(denied == null ? "" : denied, allowed == null ? "" : allowed);
    assertThat(status(access, "X-Forwarded-For: " + client)).isEqualTo(status);
  }

  @Test
  void aRedirectComesBeforeTheRefusal() throws Exception {
    List<FilterSettings> filters =
        List.of(new AddressAccess("", "18.0.0.0/8"), new SslRedirect(308, false, false));
    assertThat(status(filters, "X-A: b")).isEqualTo(308);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "~*chrome\\/68\\.0\\.3440\\.106\\ safari\\/537\\.36,AlphaBot"
            + " | Mozilla/5.0 Chrome/68.0.3440.106 Safari/537.36 | 403",
        "~*chrome\\/68\\.0\\.3440\\.106\\ safari\\/537\\.36,AlphaBot | alphabot | 403",
        "~*chrome\\/68\\.0\\.3440\\.106\\ safari\\/537\\.36,AlphaBot | AlphaBot/2 | 200",
        "~Bot       | AlphaBot | 403",
        "~bot       | AlphaBot | 200",
        "~^$        | ''       | 403",
        "~^$        | x        | 200",
        "Alpha\\ Bot | Alpha Bot | 403",
        "~bad(      | anything | 503"
      })
  void userAgentsAreBlocked(String list, String agent, int status) throws Exception {
    var blocked = new BlockedClients(list, "");
    assertThat(status(blocked, "User-Agent: " + agent)).isEqualTo(status);
    var referers = new BlockedClients("", list);
    assertThat(status(referers, "Referer: " + agent)).isEqualTo(status);
  }

  @Test
  void everyLineOfAFieldIsLookedAt() throws Exception {
    var blocked = new BlockedClients("AlphaBot", "");
    assertThat(status(blocked, "User-Agent: ok\r\nUser-Agent: AlphaBot")).isEqualTo(403);
  }

  @Test
  void anAbsentFieldCountsAsEmpty() throws Exception {
    assertThat(status(new BlockedClients("~^$", ""), "X-A: b")).isEqualTo(403);
  }
}
