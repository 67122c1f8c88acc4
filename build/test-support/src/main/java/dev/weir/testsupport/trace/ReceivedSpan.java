package dev.weir.testsupport.trace;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A span as it came.
 *
 * @param scope what made it
 * @param kind as protobuf names it
 * @param ids in hexadecimal
 * @param attributes texts, and Longs
 */
public record ReceivedSpan(
    String service,
    String scope,
    String name,
    String kind,
    Ids ids,
    Times times,
    Map<String, Object> attributes) {

  /**
   * Where it stands.
   *
   * @param parent empty for none
   */
  public record Ids(String trace, String span, String parent) {}

  /** Nanoseconds since 1970. */
  public record Times(long start, long end) {}

  /** An attribute; empty text if there is none. */
  public Object attribute(String key) {
    return attributes.getOrDefault(key, "");
  }

  /** All spans of a request to a collector, in order. */
  static List<ReceivedSpan> of(ExportTraceServiceRequest request) {
    var spans = new ArrayList<ReceivedSpan>();
    for (var resource : request.getResourceSpansList()) {
      var service =
          String.valueOf(
              attributes(resource.getResource().getAttributesList()).get("service.name"));
      for (var scope : resource.getScopeSpansList()) {
        for (var span : scope.getSpansList()) {
          spans.add(of(service, scope.getScope().getName(), span));
        }
      }
    }
    return spans;
  }

  private static ReceivedSpan of(String service, String scope, Span span) {
    return new ReceivedSpan(
        service,
        scope,
        span.getName(),
        span.getKind().name(),
        new Ids(hex(span.getTraceId()), hex(span.getSpanId()), hex(span.getParentSpanId())),
        new Times(span.getStartTimeUnixNano(), span.getEndTimeUnixNano()),
        attributes(span.getAttributesList()));
  }

  private static Map<String, Object> attributes(List<KeyValue> list) {
    var all = new TreeMap<String, Object>();
    list.forEach(entry -> all.put(entry.getKey(), value(entry.getValue())));
    return all;
  }

  private static Object value(AnyValue value) {
    return value.hasIntValue() ? (Object) value.getIntValue() : value.getStringValue();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
