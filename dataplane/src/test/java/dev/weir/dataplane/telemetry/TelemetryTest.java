package dev.weir.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.dataplane.telemetry.ConnectionMetrics.State;
import dev.weir.dataplane.telemetry.ControllerMetrics.CertificateFacts;
import dev.weir.dataplane.telemetry.ControllerMetrics.CertificateName;
import dev.weir.dataplane.telemetry.ControllerMetrics.Ingress;
import dev.weir.dataplane.telemetry.ControllerMetrics.OrphanType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryTest {
  private static final String PREFIX = "nginx_ingress_controller_";
  private static final String PROCESS = PREFIX + "nginx_process_";

  private final Telemetry telemetry =
      new Telemetry(
          TelemetrySettings.DEFAULT, InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));

  private Exposition read() {
    return Exposition.read(telemetry.text());
  }

  @Test
  void whatDashboardsSelectByExistsFromTheFirstScrape() {
    var read = read();
    assertThat(read.value(PREFIX + "config_hash", "controller_pod=")).isZero();
    assertThat(read.value(PREFIX + "config_last_reload_successful")).isZero();
    assertThat(read.value(PREFIX + "success")).isZero();
    assertThat(read.value(PREFIX + "errors")).isZero();
    assertThat(read.types())
        .containsEntry(PREFIX + "success", "counter")
        .containsEntry(PROCESS + "connections", "gauge")
        .containsEntry(PROCESS + "connections_total", "counter");
  }

  @Test
  void anAppliedTableIsASuccessfulReload() {
    telemetry.config().applied(300_000, 2_000_000, new ConfigMetrics.TableSize(3, 7, 2, 1));
    var read = read();
    assertThat(read.value(PREFIX + "config_last_reload_successful")).isEqualTo(1);
    assertThat(read.value(PREFIX + "config_last_reload_successful_timestamp_seconds"))
        .isEqualTo(1_700_000_000);
    assertThat(read.value(PREFIX + "success")).isEqualTo(1);
    assertThat(read.samples())
        .containsEntry("weir_table_hosts{}", 3.0)
        .containsEntry("weir_table_routes{}", 7.0)
        .containsEntry("weir_table_upstreams{}", 2.0)
        .containsEntry("weir_table_certificates{}", 1.0)
        .containsEntry("weir_apply_duration_seconds_bucket{le=0.001}", 0.0)
        .containsEntry("weir_apply_duration_seconds_bucket{le=0.0025}", 1.0)
        .containsEntry("weir_apply_duration_seconds_sum{}", 0.002)
        .containsEntry("weir_compile_duration_seconds_sum{}", 3e-4);

    telemetry.config().propagated(40_000_000);
    assertThat(read().samples())
        .containsEntry("weir_propagation_duration_seconds_bucket{le=0.025}", 0.0)
        .containsEntry("weir_propagation_duration_seconds_bucket{le=0.05}", 1.0);

    telemetry.config().failed();
    read = read();
    assertThat(read.value(PREFIX + "config_last_reload_successful")).isZero();
    assertThat(read.value(PREFIX + "errors")).isEqualTo(1);
    assertThat(read.value(PREFIX + "config_last_reload_successful_timestamp_seconds"))
        .isEqualTo(1_700_000_000);
  }

  @Test
  void theHashOfTheConfigurationDependsOnTheTableAndNotOnTheWayToIt() {
    var a = new VirtualHost(HostPattern.of("a"), "", List.of());
    var b = new VirtualHost(HostPattern.of("b"), "", List.of());
    var tlsA = new VirtualHost(HostPattern.of("a"), "default/cert", List.of());
    telemetry.tableChanged(List.of(), List.of(a, b));
    double first = read().value(PREFIX + "config_hash");
    telemetry.tableChanged(List.of(a), List.of(tlsA));
    assertThat(read().value(PREFIX + "config_hash")).isNotEqualTo(first);
    telemetry.tableChanged(List.of(tlsA, b), List.of());
    assertThat(read().value(PREFIX + "config_hash")).isZero();
    telemetry.tableChanged(List.of(), List.of(b));
    telemetry.tableChanged(List.of(), List.of(a));
    assertThat(read().value(PREFIX + "config_hash")).isEqualTo(first);
  }

  @Test
  void connectionsAreCountedByWhatTheyDo() {
    var connections = telemetry.connections();
    connections.opened();
    connections.opened();
    connections.opened();
    connections.refused();
    connections.moved(State.WAITING, State.READING);
    connections.moved(State.READING, State.WRITING);
    connections.moved(State.WAITING, State.READING);
    connections.closed(State.WAITING);
    connections.request();
    connections.read(100);
    connections.written(2_000);
    var read = read();
    assertThat(read.value(PROCESS + "connections", "state=active")).isEqualTo(2);
    assertThat(read.value(PROCESS + "connections", "state=reading")).isEqualTo(1);
    assertThat(read.value(PROCESS + "connections", "state=writing")).isEqualTo(1);
    assertThat(read.value(PROCESS + "connections", "state=waiting")).isZero();
    assertThat(read.value(PROCESS + "connections_total", "state=accepted")).isEqualTo(4);
    assertThat(read.value(PROCESS + "connections_total", "state=handled")).isEqualTo(3);
    assertThat(read.value(PROCESS + "requests_total")).isEqualTo(1);
    assertThat(read.value(PROCESS + "read_bytes_total")).isEqualTo(100);
    assertThat(read.value(PROCESS + "write_bytes_total")).isEqualTo(2_000);
    assertThat(connections.active()).isEqualTo(2);
  }

  @Test
  void handshakesAreCountedByHowTheyWent() {
    var handshakes = telemetry.connections().handshakes();
    handshakes.done(false, 3_000_000);
    handshakes.done(true, 500_000);
    handshakes.done(true, 500_000);
    handshakes.failed();
    var read = read();
    assertThat(read.value("weir_client_tls_handshakes_total", "result=full")).isEqualTo(1);
    assertThat(read.value("weir_client_tls_handshakes_total", "result=resumed")).isEqualTo(2);
    assertThat(read.value("weir_client_tls_handshakes_total", "result=failed")).isEqualTo(1);
    assertThat(read.samples())
        .containsEntry("weir_client_tls_handshake_duration_seconds_bucket{le=0.001}", 2.0)
        .containsEntry("weir_client_tls_handshake_duration_seconds_count{}", 3.0);
  }

  @Test
  void endpointsAreAddedUpAndWhoLeftIsKept() {
    var one = new EndpointCounters();
    one.connects();
    assertThat(one.isQuiet()).isFalse();
    one.connected();
    one.requestBegins();
    one.answered(2_000_000);
    assertThat(one.isQuiet()).isFalse();
    one.requestEnds();
    one.disconnected();
    assertThat(one.isQuiet()).isTrue();
    one.connects();
    one.givenUp();
    assertThat(one.isQuiet()).isTrue();
    var past = new EndpointCounters.Sum();
    past.addPast(one);
    var two = new EndpointCounters();
    two.connects();
    two.refused();
    assertThat(two.isQuiet()).isTrue();
    two.connects();
    two.connects();
    two.connected();
    two.connected();
    two.requestBegins();
    two.unanswered();
    var all = new EndpointCounters.Sum();
    assertThat(all.isUsed()).isFalse();
    all.add(past);
    all.add(two);
    assertThat(all.isUsed()).isTrue();
    assertThat(all.inFlight()).isEqualTo(1);
    assertThat(all.idle()).isEqualTo(1);
    assertThat(all.connects()).isEqualTo(3);
    assertThat(all.refusals()).isEqualTo(1);
    assertThat(all.unanswered()).isEqualTo(1);
    telemetry.register(
        out -> {
          out.family("weir_times", MetricType.HISTOGRAM, "Times.");
          all.times().write(out, Labels.NONE);
        });
    assertThat(read().samples())
        .containsEntry("weir_times_bucket{le=0.001}", 0.0)
        .containsEntry("weir_times_bucket{le=0.005}", 1.0)
        .containsEntry("weir_times_sum{}", 0.002);
  }

  @Test
  void whatBeginsAtAnEndpointThatWasTakenForQuietLeavesNoConnectionForGood() {
    var late = new EndpointCounters();
    late.connects();
    late.connected();
    late.requestBegins();
    var past = new EndpointCounters.Sum();
    past.addPast(late);
    assertThat(past.connects()).isEqualTo(1);
    assertThat(past.inFlight() + past.idle()).isZero();
  }

  @Test
  void aFailedHandshakeIsARefusalOfAConnectionThatStands() {
    var counters = new EndpointCounters();
    counters.connects();
    counters.connected();
    counters.unsecured();
    assertThat(counters.isQuiet()).isFalse();
    counters.disconnected();
    assertThat(counters.isQuiet()).isTrue();
    var sum = new EndpointCounters.Sum();
    sum.add(counters);
    assertThat(sum.refusals()).isEqualTo(1);
  }

  @Test
  void retriesAreCountedByReason() {
    telemetry.recordRetry(RetryReason.DEAD_CONNECTION);
    assertThat(read().value("weir_upstream_retries_total", "reason=dead_connection")).isEqualTo(1);
    assertThat(read().value("weir_upstream_retries_total", "reason=connect_failed")).isZero();
  }

  @Test
  void theProcessIsDescribedByProc(@TempDir Path proc) throws IOException {
    Files.writeString(proc.resolve("status"), "Name:\tjava\nVmSize:\t  2048 kB\nVmRSS:\t1024 kB\n");
    Files.writeString(
        proc.resolve("stat"), "7 (a b) c) S 1 7 7 0 -1 4194560 1 0 0 0 150 25 0 0 20 0 30 0 1\n");
    var text = new StringBuilder();
    var writer = new MetricWriter(text);
    new ProcessMetrics(Labels.NONE, proc).collect(writer);
    writer.flush();
    assertThat(Exposition.read(text.toString()).samples())
        .containsEntry(PROCESS + "resident_memory_bytes{}", 1_048_576.0)
        .containsEntry(PROCESS + "virtual_memory_bytes{}", 2_097_152.0)
        .containsEntry(PROCESS + "cpu_seconds_total{}", 1.75)
        .containsEntry(PROCESS + "num_procs{}", 1.0)
        .containsKey(PROCESS + "oldest_start_time_seconds{}");

    var nothing = new StringBuilder();
    var writerOfNothing = new MetricWriter(nothing);
    new ProcessMetrics(Labels.NONE, proc.resolve("missing")).collect(writerOfNothing);
    writerOfNothing.flush();
    assertThat(nothing.toString()).doesNotContain("memory").doesNotContain("cpu");
  }

  @Test
  void aRegisteredSourceIsWrittenAndABrokenOneCostsOnlyItself() {
    telemetry.register(
        out -> {
          out.family("weir_broken", MetricType.GAUGE, "x").sample(Labels.NONE, 1);
          throw new IllegalStateException("no answer");
        });
    telemetry.register(
        out ->
            out.family("weir_findings", MetricType.GAUGE, "Findings\nby \\severity.")
                .sample(Labels.of("severity", "a\"b\\c\nd\uDC80é"), 4));
    telemetry.register(
        out ->
            out.family(PREFIX + "ssl_expire_time_seconds", MetricType.GAUGE, "Expiry.")
                .sample(Labels.of("host", "a").and("identifier", "-1"), 1.9e9));
    assertThat(telemetry.text())
        .endsWith(
            """
            # HELP weir_findings Findings\\nby \\\\severity.
            # TYPE weir_findings gauge
            weir_findings{severity="a\\"b\\\\c\\nd\uFFFDé"} 4
            # HELP nginx_ingress_controller_ssl_expire_time_seconds Expiry.
            # TYPE nginx_ingress_controller_ssl_expire_time_seconds gauge
            nginx_ingress_controller_ssl_expire_time_seconds{host="a",identifier="-1"} 1.9e+09
            """);
    assertThat(read().types()).doesNotContainKey("weir_broken");
  }

  @Test
  void aScraperThatHangsUpEndsTheScrapeAndNoSourceIsBlamed() {
    var asked = new AtomicInteger();
    telemetry.register(
        out -> {
          asked.incrementAndGet();
          out.family("weir_many", MetricType.GAUGE, "Many.");
          for (int i = 0; i < 10_000; i++) {
            out.sample(Labels.of("i", Integer.toString(i)), i).relieve();
          }
        });
    telemetry.register(out -> asked.addAndGet(10));
    var gone = new IOException("Broken pipe");
    assertThatThrownBy(() -> telemetry.writeTo(new HungUp(gone))).isSameAs(gone);
    assertThat(asked).hasValue(1);
  }

  /** Takes what comes first, until the many. */
  private record HungUp(IOException told) implements Appendable {
    @Override
    public Appendable append(CharSequence text) throws IOException {
      if (text.toString().contains("weir_many")) {
        throw told;
      }
      return this;
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) throws IOException {
      return append(text.subSequence(start, end));
    }

    @Override
    public Appendable append(char c) {
      return this;
    }
  }

  @Test
  void whatTheControllerKnowsGoesUnderTheNamesOfIngressNginx() {
    var identity = new TelemetrySettings.Identity("ns", "c", "pod");
    telemetry.register(ControllerMetrics.build(identity, "1.0", "abc", "weir"));
    telemetry.register(ControllerMetrics.leader(identity, "ingress-leader", () -> true));
    telemetry.register(ControllerMetrics.findings(() -> Map.of("error", 2)));
    telemetry.register(
        ControllerMetrics.orphans(
            identity,
            () -> Map.of(new Ingress("default", "shop"), EnumSet.of(OrphanType.NO_ENDPOINT))));
    telemetry.register(
        ControllerMetrics.certificates(
            () ->
                Map.of(
                    new CertificateName("default", "c", "a.b", "cert", "ca-7"),
                    new CertificateFacts(Instant.ofEpochSecond(99), "Org", "CA", "7", "RSA"))));
    var constant = "controller_class=c, controller_namespace=ns, controller_pod=pod";
    var certificate = "class=c, host=a.b, identifier=ca-7, ";
    assertThat(read().samples())
        .containsEntry(
            PREFIX + "build_info{build=abc, " + constant + ", release=1.0, repository=weir}", 1.0)
        .containsEntry(
            PREFIX + "leader_election_status{" + constant + ", name=ingress-leader}", 1.0)
        .containsEntry("weir_findings{severity=error}", 2.0)
        .containsEntry(
            PREFIX
                + "orphan_ingress{"
                + constant
                + ", ingress=shop, namespace=default, type=no-endpoint}",
            1.0)
        .containsEntry(
            PREFIX
                + "orphan_ingress{"
                + constant
                + ", ingress=shop, namespace=default, type=no-service}",
            0.0)
        .containsEntry(
            PREFIX
                + "ssl_expire_time_seconds{"
                + certificate
                + "namespace=default, secret_name=cert}",
            99.0)
        .containsEntry(
            PREFIX
                + "ssl_certificate_info{"
                + certificate
                + "issuer_common_name=CA, issuer_organization=Org, namespace=default,"
                + " public_key_algorithm=RSA, secret_name=cert, serial_number=7}",
            1.0);
  }

  @Test
  void twoSourcesOfOneMetricAreAMistake() {
    var writer = new MetricWriter(new StringBuilder());
    writer.family("a", MetricType.GAUGE, "x").sample(Labels.NONE, 1);
    assertThatThrownBy(() -> writer.family("a", MetricType.GAUGE, "x"))
        .hasMessageContaining("metric a comes from two sources");
  }

  @ParameterizedTest
  @CsvSource({
    "0.005, 0.005", "10, 10", "2.5, 2.5", "100000, 100000", "1000000, 1e+06", "1e7, 1e+07",
    "1.5e9, 1.5e+09", "0.00001, 1e-05", "0, 0", "-3, -3", "Infinity, +Inf", "NaN, NaN",
    "123456.75, 123456.75"
  })
  void numbersArePrintedAsScrapersPrintThem(double value, String text) {
    assertThat(MetricWriter.text(value)).isEqualTo(text);
  }

  @Test
  void bucketsOutOfOrderAreRefused() {
    assertThatThrownBy(() -> new TelemetrySettings.Buckets(List.of(1d, 1d), List.of(), List.of()))
        .hasMessage("time buckets: [1.0, 1.0] (expected: finite numbers in ascending order)");
  }
}
