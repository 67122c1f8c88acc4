package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.Templates;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.Tracing;
import dev.weir.dataplane.model.TracingSettings;
import dev.weir.dataplane.model.TracingSettings.Batches;
import dev.weir.dataplane.model.TracingSettings.Collector;
import dev.weir.dataplane.model.TracingSettings.Protocol;
import dev.weir.dataplane.model.TracingSettings.Sampler;
import dev.weir.dataplane.model.TracingSettings.Sampling;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * {@code enable-opentelemetry} and its family (ingress-nginx.md 1.3, 128 to 130, and 2, 115): which
 * routes are traced, and where the spans go. Acts before the other features, so that its filter
 * sees requests that others answer.
 */
public final class RequestTracing implements AnnotationFeature {
  private static final TracingSettings BY_DEFAULT = TracingSettings.DEFAULT;
  private static final int MOST_WAITING = 100_000;
  private static final int HOUR_MILLIS = 3_600_000;
  private static final String NO_COLLECTOR =
      "is set, but otlp-collector-host isn't: upstreams are told of traces, and nothing is sent to"
          + " a collector";
  private static final String SET_IT = "set otlp-collector-host in the ConfigMap";

  private static final Setting<Boolean> ENABLED =
      new Setting<>(
          Setting.Names.both("enable-opentelemetry"),
          false,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether requests are traced: each gets a span, which upstreams are told of by"
              + " traceparent, and by B3 if the client speaks it.");
  private static final Setting<Boolean> TRUSTS =
      new Setting<>(
          Setting.Names.both("opentelemetry-trust-incoming-span"),
          true,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          Booleans::parse,
          "Whether the client's trace is continued; else each request begins one.");
  private static final Setting<String> NAME =
      new Setting<>(
          Setting.Names.annotation("opentelemetry-operation-name"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DROP,
          RequestTracing::word,
          "Name of the spans, without variables; else the ConfigMap's, else the path.");
  private static final Setting<Template> USUAL_NAME =
      key(
          "opentelemetry-operation-name",
          Template.literal(""),
          Templates::parse,
          "Name of spans where the annotation of the same name sets none, maybe with variables;"
              + " empty for the path.");

  private static final Setting<String> HOST =
      key(
          "otlp-collector-host",
          "",
          RequestTracing::host,
          "Name or address of the collector that spans are sent to; empty for none.");
  private static final Setting<Integer> PORT =
      key(
          "otlp-collector-port",
          BY_DEFAULT.collector().port(),
          Integers.between(1, 65_535),
          "Port of the collector.");
  private static final Setting<String> PROTOCOL =
      key(
          "otlp-collector-protocol",
          "grpc",
          oneOf("grpc", "http", "grpcs", "https"),
          "How OTLP is spoken with the collector: grpc, or http (with protobuf, at /v1/traces);"
              + " grpcs and https are the same in TLS.");
  private static final Setting<String> SERVICE =
      key(
          "otel-service-name",
          BY_DEFAULT.service(),
          text -> text,
          "Name that traces give the proxy.");
  private static final Setting<String> SAMPLER =
      key(
          "otel-sampler",
          "AlwaysOn",
          oneOf("AlwaysOn", "AlwaysOff", "TraceIdRatioBased"),
          "Which requests are recorded: AlwaysOn, AlwaysOff or TraceIdRatioBased.");
  private static final Setting<Double> RATIO =
      key(
          "otel-sampler-ratio",
          BY_DEFAULT.sampling().ratio(),
          RequestTracing::share,
          "Share of the traces that TraceIdRatioBased records, from 0 to 1.");
  private static final Setting<Boolean> PARENT_BASED =
      key(
          "otel-sampler-parent-based",
          BY_DEFAULT.sampling().parentBased(),
          Booleans::parse,
          "Whether the client's decision about a trace comes before the sampler's.");
  private static final Setting<Integer> QUEUE =
      key(
          "otel-max-queuesize",
          BY_DEFAULT.batches().queue(),
          Integers.between(1, MOST_WAITING),
          "Spans that may wait for the collector; more are dropped and counted.");
  private static final Setting<Integer> DELAY =
      key(
          "otel-schedule-delay-millis",
          (int) BY_DEFAULT.batches().delay().toMillis(),
          Integers.between(1, HOUR_MILLIS),
          "Milliseconds that spans wait for others.");
  private static final Setting<Integer> MOST =
      key(
          "otel-max-export-batch-size",
          BY_DEFAULT.batches().most(),
          Integers.between(1, MOST_WAITING),
          "Spans that are sent at once; so many don't wait any longer.");
  private static final Setting<String> FILE =
      key(
          "opentelemetry-config",
          "",
          text -> text,
          "File that ingress-nginx writes for nginx's module.");

  private static <T> Setting<T> key(String name, T byDefault, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        byDefault,
        Scope.PROXY,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  private static String word(String text) throws InvalidValueException {
    if (!text.matches("[A-Za-z0-9_-]*")) {
      throw new InvalidValueException("letters, digits, dashes and underscores");
    }
    return text;
  }

  private static String host(String text) throws InvalidValueException {
    if (!text.matches("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
      throw new InvalidValueException("a name or an IP address, without scheme and port");
    }
    return text;
  }

  private static Double share(String text) throws InvalidValueException {
    if (!text.matches("[0-9]{0,9}(\\.[0-9]{1,18})?") || text.isEmpty()) {
      throw new InvalidValueException("a number from 0 to 1");
    }
    double share = Double.parseDouble(text);
    if (share > 1) {
      throw new InvalidValueException("a number from 0 to 1");
    }
    return share;
  }

  private static ValueParser<String> oneOf(String... words) {
    var known = List.of(words);
    return text -> {
      if (!known.contains(text)) {
        throw new InvalidValueException("one of " + String.join(", ", known));
      }
      return text;
    };
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(
        ENABLED,
        TRUSTS,
        NAME,
        USUAL_NAME,
        HOST,
        PORT,
        PROTOCOL,
        SERVICE,
        SAMPLER,
        RATIO,
        PARENT_BASED,
        QUEUE,
        DELAY,
        MOST,
        FILE);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return setting.equals(FILE) ? Disposition.INERT : Disposition.WORKS;
  }

  @Override
  public String difference(Setting<?> setting) {
    if (setting.equals(ENABLED)) {
      return "Traces of clients that speak B3 are continued, too; authentication services and"
          + " backends for errors are told of the same span. Texts of spans are cut after 1,024"
          + " characters. As there, redirects to a path's slash and between hosts have no span.";
    }
    if (setting.equals(NAME)) {
      return "without it, and without the ConfigMap's, a span is called as the path that the"
          + " Ingress has; there a path of type Prefix has a slash at its end.";
    }
    return setting.equals(PROTOCOL) ? "there is no such key there, and only gRPC without TLS." : "";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    if (values.get(ENABLED) && values.get(HOST).isEmpty()) {
      proxy.reportKey(Problem.Level.WARNING, ENABLED, NO_COLLECTOR, SET_IT);
    }
    proxy.tracing(
        new TracingSettings(
            new Collector(
                values.get(HOST),
                values.get(PORT),
                Protocol.valueOf(values.get(PROTOCOL).toUpperCase(Locale.ROOT))),
            values.get(SERVICE),
            new Sampling(
                switch (values.get(SAMPLER)) {
                  case "AlwaysOff" -> Sampler.ALWAYS_OFF;
                  case "TraceIdRatioBased" -> Sampler.TRACE_ID_RATIO_BASED;
                  default -> Sampler.ALWAYS_ON;
                },
                values.get(RATIO),
                values.get(PARENT_BASED)),
            new Batches(
                values.get(QUEUE), Duration.ofMillis(values.get(DELAY)), values.get(MOST))));
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (!values.get(ENABLED)) {
      return;
    }
    if (values.source(ENABLED) == Values.Source.ANNOTATION && values.get(HOST).isEmpty()) {
      route.report(Problem.Level.WARNING, ENABLED, NO_COLLECTOR, SET_IT);
    }
    route.filter(new Tracing(values.get(TRUSTS), name(values)));
  }

  private static Template name(Values values) {
    var own = values.get(NAME);
    var usual = values.get(USUAL_NAME);
    return !own.isEmpty() ? Template.literal(own) : usual.parts().isEmpty() ? Tracing.PATH : usual;
  }
}
