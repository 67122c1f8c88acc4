package dev.weir.dataplane.tracing;

import dev.weir.dataplane.filter.RequestSpan;
import dev.weir.dataplane.model.TracingSettings;
import dev.weir.dataplane.model.TracingSettings.Collector;
import dev.weir.dataplane.tracing.OtlpEnvironment.Tls;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a collector, with OpenTelemetry's exporter. Making one loads OpenTelemetry. Owned
 * by the thread that sends.
 */
final class OtlpSender implements AutoCloseable {
  /** Of one batch, with the exporter's own repetitions. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** A collector that restarts costs spans, and no more time than this. */
  private static final RetryPolicy RETRIES =
      RetryPolicy.builder()
          .setMaxAttempts(3)
          .setInitialBackoff(Duration.ofMillis(200))
          .setMaxBackoff(Duration.ofSeconds(1))
          .build();

  private static final Duration GRACE = Duration.ofSeconds(1);

  /** What these say we say ourselves. Held, because the JDK forgets loggers that nobody holds. */
  private final List<Logger> silent =
      List.of(Logger.getLogger("io.opentelemetry"), Logger.getLogger("okhttp3"));

  private final Collector collector;
  private final String service;
  private final Resource resource;
  private final OtlpEnvironment environment;

  /** As the files were; null without TLS. */
  private final @Nullable Tls tls;

  private final SpanExporter exporter;

  OtlpSender(Collector collector, String service, OtlpEnvironment environment) {
    this.collector = collector;
    this.service = service;
    this.environment = environment;
    tls = collector.protocol().secure() ? environment.tls() : null;
    silent.forEach(logger -> logger.setLevel(Level.OFF));
    resource = Resource.getDefault().merge(Resource.create(environment.resource(service)));
    exporter =
        switch (collector.protocol()) {
          case GRPC, GRPCS -> grpc();
          case HTTP, HTTPS -> http();
        };
  }

  private SpanExporter grpc() {
    var headers = environment.headers();
    var builder =
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(collector.url())
            .setTimeout(TIMEOUT)
            .setRetryPolicy(RETRIES)
            .setHeaders(() -> headers)
            .setMeterProvider(MeterProvider.noop());
    if (tls != null) {
      var trusted = tls.trustedBytes();
      if (trusted != null) {
        builder.setTrustedCertificates(trusted);
      }
      var own = tls.own();
      if (own != null) {
        builder.setClientTls(own.keyBytes(), own.certificateBytes());
      }
    }
    return builder.build();
  }

  private SpanExporter http() {
    var headers = environment.headers();
    var builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(collector.url() + "/v1/traces")
            .setTimeout(TIMEOUT)
            .setRetryPolicy(RETRIES)
            .setHeaders(() -> headers)
            .setMeterProvider(MeterProvider.noop());
    if (tls != null) {
      var trusted = tls.trustedBytes();
      if (trusted != null) {
        builder.setTrustedCertificates(trusted);
      }
      var own = tls.own();
      if (own != null) {
        builder.setClientTls(own.keyBytes(), own.certificateBytes());
      }
    }
    return builder.build();
  }

  /** Whether it does what these settings ask for. */
  boolean serves(TracingSettings settings) {
    return collector.equals(settings.collector()) && service.equals(settings.service());
  }

  /** Whether files of certificates say something else now, as after their renewal. */
  boolean outdated() {
    try {
      return tls != null && !tls.equals(environment.tls());
    } catch (IllegalStateException e) {
      // In the middle of a change, perhaps: what there is is better than nothing.
      return false;
    }
  }

  /** Sends, and waits for the answer; empty if the collector has them, else why it hasn't. */
  String send(List<RequestSpan> spans) {
    var data = new ArrayList<SpanData>(spans.size());
    spans.forEach(span -> data.add(new OtlpSpan(span, resource)));
    var result = exporter.export(data).join(TIMEOUT.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    if (result.isSuccess()) {
      return "";
    }
    var failure = result.getFailureThrowable();
    if (failure == null) {
      return "no answer within " + TIMEOUT.toSeconds() + " s";
    }
    var cause = failure.getCause();
    return cause == null ? "it refuses them" : cause.toString();
  }

  @Override
  public void close() {
    var _ = exporter.shutdown();
  }
}
