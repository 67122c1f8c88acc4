package dev.weir.dataplane.tracing;

import dev.weir.dataplane.filter.RequestSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationLibraryInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.HexFormat;
import java.util.List;

/**
 * A span as OpenTelemetry's exporter wants it; names and attributes are those of the module of
 * ingress-nginx, its scope {@code nginx} included. Immutable.
 */
final class OtlpSpan implements SpanData {
  private static final HexFormat HEX = HexFormat.of();
  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("nginx");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.method");
  private static final AttributeKey<String> FLAVOR = AttributeKey.stringKey("http.flavor");
  private static final AttributeKey<String> TARGET = AttributeKey.stringKey("http.target");
  private static final AttributeKey<String> SERVER_NAME =
      AttributeKey.stringKey("http.server_name");
  private static final AttributeKey<String> HOST = AttributeKey.stringKey("http.host");
  private static final AttributeKey<String> USER_AGENT = AttributeKey.stringKey("http.user_agent");
  private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.status_code");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("http.scheme");
  private static final AttributeKey<Long> HOST_PORT = AttributeKey.longKey("net.host.port");
  private static final AttributeKey<String> PEER_IP = AttributeKey.stringKey("net.peer.ip");
  private static final AttributeKey<Long> PEER_PORT = AttributeKey.longKey("net.peer.port");

  private final RequestSpan span;
  private final Resource resource;
  private final SpanContext context;
  private final SpanContext parent;
  private final Attributes attributes;

  OtlpSpan(RequestSpan span, Resource resource) {
    this.span = span;
    this.resource = resource;
    var ids = span.ids();
    var trace = HEX.toHexDigits(ids.traceHigh()) + HEX.toHexDigits(ids.traceLow());
    context =
        SpanContext.create(
            trace, HEX.toHexDigits(ids.spanId()), TraceFlags.getSampled(), TraceState.getDefault());
    parent =
        ids.parentId() == 0
            ? SpanContext.getInvalid()
            : SpanContext.createFromRemoteParent(
                trace,
                HEX.toHexDigits(ids.parentId()),
                TraceFlags.getSampled(),
                TraceState.getDefault());
    attributes = attributes(span);
  }

  private static Attributes attributes(RequestSpan span) {
    var http = span.http();
    var from = span.connection();
    var all = Attributes.builder();
    put(all, METHOD, http.method());
    put(all, FLAVOR, http.flavor());
    put(all, TARGET, http.target());
    put(all, SERVER_NAME, from.serverName());
    put(all, HOST, http.host());
    put(all, USER_AGENT, http.userAgent());
    all.put(STATUS, (long) http.status());
    put(all, SCHEME, from.scheme());
    all.put(HOST_PORT, (long) from.port());
    put(all, PEER_IP, from.peerAddress());
    if (from.peerPort() != 0) {
      all.put(PEER_PORT, (long) from.peerPort());
    }
    return all.build();
  }

  private static void put(AttributesBuilder all, AttributeKey<String> key, String value) {
    if (!value.isEmpty()) {
      all.put(key, value);
    }
  }

  @Override
  public String getName() {
    return span.name();
  }

  @Override
  public SpanKind getKind() {
    return SpanKind.SERVER;
  }

  @Override
  public SpanContext getSpanContext() {
    return context;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return parent;
  }

  /** Unset: the module never says. */
  @Override
  public StatusData getStatus() {
    return StatusData.unset();
  }

  @Override
  public long getStartEpochNanos() {
    return span.times().startEpochNanos();
  }

  @Override
  public long getEndEpochNanos() {
    return span.times().startEpochNanos() + span.times().nanos();
  }

  @Override
  public Attributes getAttributes() {
    return attributes;
  }

  @Override
  public List<EventData> getEvents() {
    return List.of();
  }

  @Override
  public List<LinkData> getLinks() {
    return List.of();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return 0;
  }

  @Override
  public int getTotalRecordedLinks() {
    return 0;
  }

  @Override
  public int getTotalAttributeCount() {
    return attributes.size();
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  @Override
  @SuppressWarnings("deprecation") // abstract all the same
  public InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return InstrumentationLibraryInfo.create("nginx", null);
  }

  @Override
  public Resource getResource() {
    return resource;
  }
}
