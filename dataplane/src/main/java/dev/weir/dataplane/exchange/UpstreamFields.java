package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.TextSink;
import dev.weir.dataplane.http.ClientFields;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fields that an upstream is told about the client (ingress-nginx.md 4.7). Host, hop-by-hop
 * fields and those of an upgrade are the serializer's.
 */
final class UpstreamFields {
  private UpstreamFields() {}

  /**
   * Adds them.
   *
   * @param told what a trusted proxy in front of us says; null for nothing: then the connection's
   *     bytes are sent as they are
   */
  static void add(
      FilterRequest request,
      HeadEdits edits,
      Downstream connection,
      ClientIdentity.@Nullable Told told) {
    var fields = request.head().fields();
    if (request.settings().clientHeader().requestIds()
        && !fields.contains(FieldName.X_REQUEST_ID)) {
      identify(edits);
    }
    keepOriginal(
        edits,
        fields,
        request.settings().forwarded().addressField(),
        FieldName.X_ORIGINAL_FORWARDED_FOR);
    keepOriginal(edits, fields, "x-forwarded-host", FieldName.X_ORIGINAL_FORWARDED_HOST);
    if (told == null && !insistsOnClient(edits)) {
      edits.client(connection.fields());
    } else {
      addOneByOne(request, edits);
    }
    // A filter's choice of host comes before that of a proxy in front of us.
    if (told != null
        && !told.authority().equals(request.head().authority())
        && !edits.replaces("host")) {
      edits.set("host", told.authority());
    }
    // Some CGI programs take it for their outgoing proxy (CVE-2016-5385).
    if (fields.contains(FieldName.PROXY)) {
      edits.remove("proxy");
    }
    insist(edits);
  }

  private static boolean insistsOnClient(HeadEdits edits) {
    var insisted = edits.insisted();
    for (int i = 0; i < insisted.size(); i++) {
      if ((FieldName.of(insisted.get(i).name()).bit() & ClientFields.names()) != 0) {
        return true;
      }
    }
    return false;
  }

  /** What the operator sets comes last. */
  private static void insist(HeadEdits edits) {
    var insisted = edits.insisted();
    for (int i = 0; i < insisted.size(); i++) {
      var edit = insisted.get(i);
      var value = edit.value();
      if (edit.name().equals(FieldName.X_REQUEST_ID.text())) {
        edits.withholdRequestId();
      }
      if (value == null) {
        edits.remove(edit.name());
      } else {
        edits.set(edit.name(), value);
      }
    }
  }

  private static void addOneByOne(FilterRequest request, HeadEdits edits) {
    var from = request.from();
    var scheme = from.scheme();
    edits.set("x-real-ip", from.addressText());
    edits.set("x-forwarded-for", request.forwardedFor());
    edits.set("x-forwarded-host", request.authority());
    edits.set("x-forwarded-port", Integer.toString(from.reportedPort()));
    edits.set("x-forwarded-proto", scheme);
    edits.set("x-forwarded-scheme", scheme);
    edits.set("x-scheme", scheme);
  }

  private static void keepOriginal(
      HeadEdits edits, Fields fields, String name, FieldName original) {
    if (fields.contains(name)) {
      var values = fields.all(name);
      edits.set(
          original.text(), values.size() == 1 ? values.getFirst() : String.join(", ", values));
    } else if (fields.contains(original)) {
      edits.remove(original.text());
    }
  }

  /** What {@link FilterRequest#requestId} says; made once. */
  static String id(FilterRequest request) {
    var given = request.head().fields().first("x-request-id");
    if (given == null && request.settings().clientHeader().requestIds()) {
      var edits = request.edits();
      identify(edits);
      given = edits.requestId();
    }
    return given == null ? "" : given;
  }

  /** Appends {@code X-Request-ID} as {@link FilterRequest#requestId} has it. */
  static void addId(TextSink text, FilterRequest request) {
    var given = request.head().fields().valueText("x-request-id", 0);
    if (given != null) {
      text.add(given);
    } else if (request.settings().clientHeader().requestIds()) {
      var edits = request.edits();
      identify(edits);
      text.hex(edits.idHigh()).hex(edits.idLow());
    }
  }

  /** Gives a request an id of its own, unless it has one. */
  static void identify(HeadEdits edits) {
    if (!edits.hasRequestId()) {
      var random = ThreadLocalRandom.current();
      edits.requestId(random.nextLong() | 1, random.nextLong());
    }
  }
}
