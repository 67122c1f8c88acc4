package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.testsupport.trace.TraceCollector;
import dev.weir.testsupport.trace.TraceCollector.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What traces cost where nobody wants them. */
class TracesTest {
  private static final List<String> LIBRARIES =
      List.of(" io.opentelemetry.", " okhttp3.", " okio.", " kotlin.");
  private static final List<String> OURS =
      List.of("dataplane.tracing.Otlp", "filters.OpenSpan", "filters.TracingFilter");

  private static List<String> loaded(Path log, List<String> beginnings) throws IOException {
    try (var lines = Files.lines(log)) {
      return lines.filter(line -> beginnings.stream().anyMatch(line::contains)).toList();
    }
  }

  @Test
  void nothingThatTracesNeedIsLoadedBeforeTheFirstSpan() throws IOException {
    try (var collector = new TraceCollector(Protocol.GRPC, "127.0.0.1");
        var backend = Backend.echo("web");
        var folder = ManifestFolder.withClass()) {
      folder.write("plain.yaml", Objects.service(backend) + Objects.ingress("a", "a.test", "web"));
      folder.write(
          "settings.yaml",
          Objects.configMap(
              "otlp-collector-host: 127.0.0.1, otel-schedule-delay-millis: \"20\","
                  + " otlp-collector-port: \"%d\"".formatted(collector.address().getPort())));
      var log = folder.beside().resolve("classes");
      try (var weir =
          WeirProcess.run(
              List.of("-Xlog:class+load=info:file=" + log),
              "--manifests=" + folder.path(),
              "--configmap=default/weir")) {
        weir.awaitBackend("a.test", "/", "web");
        assertThat(weir.admin("/metrics").text()).contains("weir_trace_spans_total");
        assertThat(loaded(log, LIBRARIES)).isEmpty();
        assertThat(loaded(log, OURS)).isEmpty();
        folder.write(
            "traced.yaml",
            Ingress.named("b")
                .setting("enable-opentelemetry", "true")
                .host("b.test")
                .prefix("/", "web")
                .yaml());
        weir.awaitBackend("b.test", "/", "web");
        Awaitility.await().until(() -> !collector.spans().isEmpty());
        assertThat(loaded(log, LIBRARIES)).isNotEmpty();
        assertThat(loaded(log, OURS)).isNotEmpty();
      }
    }
  }
}
