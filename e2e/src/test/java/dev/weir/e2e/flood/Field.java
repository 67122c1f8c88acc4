package dev.weir.e2e.flood;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** The program, the backend that is attacked through it, and one that isn't. */
final class Field implements AutoCloseable {
  /** What a connection may have the program hold before its first reply is complete, and later. */
  private static final long MOST_FIRST = 128 * 1024;

  private static final long MOST_LATER = 512 * 1024;

  private final Target target = new Target();
  private final Site site;

  Field(String... jvmOptions) {
    // The settings' limits of requests on a connection are those of legitimate clients.
    site = Site.of(List.of(jvmOptions), "", "", target.backend(), Backend.echo(LegitTraffic.NAME));
    weir().log().forgetRequests();
  }

  WeirProcess weir() {
    return site.weir();
  }

  Target target() {
    return target;
  }

  Attacker attack(Flood flood) throws IOException {
    return new Attacker(flood, weir().http());
  }

  /** The sum of a metric's series whose labels contain a text. */
  long metric(String name, String label) {
    var line = Pattern.compile("(?m)^" + name + "\\{[^}]*" + label + "[^}]*} ([0-9.e+]+)$");
    var values = line.matcher(weir().admin("/metrics").text());
    long sum = 0;
    while (values.find()) {
      sum += (long) Double.parseDouble(values.group(1));
    }
    return sum;
  }

  /** The value of a metric without labels. */
  double plainMetric(String name) {
    var prefix = name + " ";
    return weir()
        .admin("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .mapToDouble(line -> Double.parseDouble(line.substring(prefix.length())))
        .sum();
  }

  /** Connections that were cut off for an offence. */
  long cut(String offence) {
    return metric("weir_http2_abuse_closes_total", "offence=\"" + offence + "\"");
  }

  /** No connection so far had the program hold more than it may. */
  void assertAccounts() {
    var name = "weir_client_connection_held_bytes_max";
    assertThat(metric(name, "reply=\"first\"")).isLessThanOrEqualTo(MOST_FIRST);
    assertThat(metric(name, "reply=\"later\"")).isLessThanOrEqualTo(MOST_LATER);
  }

  /** Every request that was sent to the attacked backend in vain is over. */
  void awaitNothingInFlight() {
    WeirProcess.eventually("requests in flight", target::inFlight, count -> count == 0);
  }

  @Override
  public void close() {
    site.close();
  }
}
