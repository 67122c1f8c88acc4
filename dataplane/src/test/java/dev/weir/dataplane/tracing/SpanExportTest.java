package dev.weir.dataplane.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.dataplane.filter.RequestSpan;
import dev.weir.dataplane.model.TracingSettings;
import dev.weir.dataplane.model.TracingSettings.Batches;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.telemetry.TelemetrySettings;
import dev.weir.testsupport.Authority;
import dev.weir.testsupport.trace.TraceCollector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans on their way to a collector in TLS, and what the process's environment says of it. */
class SpanExportTest {
  private static final RequestSpan SPAN =
      new RequestSpan(
          new RequestSpan.Ids(1, 2, 3, 0),
          "/",
          new RequestSpan.Times(1_000, 10),
          new RequestSpan.Http("GET", "1.1", "/", "shop.test", "", 200),
          new RequestSpan.Connection("http", "shop.test", 80, "192.0.2.1", 0));

  private final Authority authority = Authority.root("collectors");

  @TempDir Path folder;

  private TraceCollector collector(TraceCollector.Protocol protocol) {
    return new TraceCollector(
        protocol, "127.0.0.1", authority.issue("localhost").serverContext(authority));
  }

  private Map<String, String> variables() throws IOException {
    var own = authority.issue("weir");
    var variables = new HashMap<String, String>();
    variables.put("OTEL_EXPORTER_OTLP_CERTIFICATE", file("ca", authority.pem()));
    variables.put("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", file("cert", own.certificatePem()));
    variables.put("OTEL_EXPORTER_OTLP_CLIENT_KEY", file("key", own.keyPem()));
    return variables;
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static TracingSettings to(TraceCollector collector, TracingSettings.Protocol protocol) {
    return new TracingSettings(
        new TracingSettings.Collector("localhost", collector.address().getPort(), protocol),
        TracingSettings.DEFAULT.service(),
        TracingSettings.DEFAULT.sampling(),
        new Batches(4, Duration.ofMillis(20), 1));
  }

  private static void awaitSpan(String result, Map<String, String> variables, TracingSettings how) {
    var telemetry = new Telemetry(TelemetrySettings.DEFAULT, InstantSource.system());
    try (var export = new SpanExport(variables)) {
      telemetry.register(export);
      export.settings(how);
      export.take(SPAN);
      awaitOne(result, telemetry);
    }
  }

  private static void awaitOne(String result, Telemetry telemetry) {
    var line = "weir_trace_spans_total{result=\"" + result + "\"} 1\n";
    await().untilAsserted(() -> assertThat(telemetry.text()).contains(line));
  }

  @ParameterizedTest
  @CsvSource({"GRPC,GRPCS", "HTTP,HTTPS"})
  void inTlsBothSidesShowTheirCertificates(
      TraceCollector.Protocol spoken, TracingSettings.Protocol secure) throws Exception {
    try (var collector = collector(spoken)) {
      var variables = variables();
      variables.put("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Basic wrong,x=1");
      variables.put("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "authorization=Bearer%20a+b%3D");
      variables.put("OTEL_SERVICE_NAME", "edge");
      awaitSpan("sent", variables, to(collector, secure));
      assertThat(collector.spans()).singleElement().matches(span -> span.service().equals("edge"));
      assertThat(collector.authorizations()).containsExactly("Bearer a+b=");
    }
  }

  @ParameterizedTest
  @CsvSource({"GRPC,GRPCS", "HTTP,HTTPS"})
  void aCollectorForWhomNobodyVouchesGetsNothing(
      TraceCollector.Protocol spoken, TracingSettings.Protocol secure) throws Exception {
    try (var collector = collector(spoken)) {
      var variables = variables();
      variables.remove("OTEL_EXPORTER_OTLP_CERTIFICATE");
      awaitSpan("failed", variables, to(collector, secure));
      assertThat(collector.messages()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"GRPC,GRPCS", "HTTP,HTTPS"})
  void renewedCertificatesAreUsedWithoutARestart(
      TraceCollector.Protocol spoken, TracingSettings.Protocol secure) throws Exception {
    var variables = variables();
    var renewed = Files.readString(folder.resolve("ca"));
    file("ca", Authority.root("former").pem());
    var telemetry = new Telemetry(TelemetrySettings.DEFAULT, InstantSource.system());
    try (var collector = collector(spoken);
        var export = new SpanExport(variables)) {
      telemetry.register(export);
      export.settings(to(collector, secure));
      export.take(SPAN);
      awaitOne("failed", telemetry);
      assertThat(collector.messages()).isZero();
      file("ca", renewed);
      export.take(SPAN);
      awaitOne("sent", telemetry);
      awaitOne("failed", telemetry);
      assertThat(collector.messages()).isOne();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "OTEL_EXPORTER_OTLP_CERTIFICATE,/nowhere/ca.crt",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY,/nowhere/tls.key",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY,''",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE,''",
    "OTEL_EXPORTER_OTLP_HEADERS,x=a%0Ab",
  })
  void whatCannotBeDoneCostsSpansAndEndsNothing(String variable, String value) throws Exception {
    try (var collector = collector(TraceCollector.Protocol.GRPC)) {
      var variables = variables();
      variables.put(variable, value);
      awaitSpan("failed", variables, to(collector, TracingSettings.Protocol.GRPCS));
      assertThat(collector.messages()).isZero();
    }
  }

  @Test
  void theConfigMapNamesTheServiceBeforeTheEnvironmentDoes() {
    var variables =
        Map.of(
            "OTEL_RESOURCE_ATTRIBUTES",
            "k8s.pod.name=weir-0, service.name = pods,team=a%2Cb,=x,none");
    assertThat(names(variables, "nginx"))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("k8s.pod.name", "weir-0", "service.name", "pods", "team", "a,b"));
    assertThat(names(variables, "shop")).containsEntry("service.name", "shop");
    assertThat(names(Map.of("OTEL_SERVICE_NAME", "edge"), "shop"))
        .containsEntry("service.name", "shop");
    assertThat(names(Map.of(), "nginx")).isEqualTo(Map.of("service.name", "nginx"));
  }

  private static Map<String, String> names(Map<String, String> variables, String configured) {
    var names = new HashMap<String, String>();
    new OtlpEnvironment(variables)
        .resource(configured)
        .forEach((key, value) -> names.put(key.getKey(), String.valueOf(value)));
    return names;
  }
}
