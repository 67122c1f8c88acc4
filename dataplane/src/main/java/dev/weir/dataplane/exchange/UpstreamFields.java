package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The fields that an upstream is told about the client (ingress-nginx.md 4.7). Host, hop-by-hop
 * fields and those of an upgrade are the serializer's.
 */
final class UpstreamFields {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private UpstreamFields() {}

  /**
   * Adds them.
   *
   * @param told what a trusted proxy in front of us says; null for nothing
   */
  static void add(FilterRequest request, HeadEdits edits, ClientIdentity.@Nullable Told told) {
    var head = request.head();
    var fields = head.fields();
    if (!fields.contains("x-request-id")) {
      edits.set("x-request-id", request.requestId());
    }
    keepOriginal(
        edits, head, request.settings().forwarded().addressField(), "x-original-forwarded-for");
    keepOriginal(edits, head, "x-forwarded-host", "x-original-forwarded-host");
    var from = request.from();
    var scheme = from.scheme();
    edits.set("x-real-ip", from.addressText());
    edits.set("x-forwarded-for", told == null ? from.addressText() : told.forwardedFor());
    edits.set("x-forwarded-host", request.authority());
    edits.set("x-forwarded-port", Integer.toString(from.reportedPort()));
    edits.set("x-forwarded-proto", scheme);
    edits.set("x-forwarded-scheme", scheme);
    edits.set("x-scheme", scheme);
    // A filter's choice of host comes before that of a proxy in front of us.
    if (told != null && !edits.replaces("host")) {
      edits.set("host", told.authority());
    }
    // Some CGI programs take it for their outgoing proxy (CVE-2016-5385).
    if (fields.contains("proxy")) {
      edits.remove("proxy");
    }
  }

  private static void keepOriginal(
      HeadEdits edits, RequestHead head, String name, String originalName) {
    var values = head.fields().all(name);
    if (!values.isEmpty()) {
      edits.set(originalName, values.size() == 1 ? values.getFirst() : String.join(", ", values));
    } else if (head.fields().contains(originalName)) {
      edits.remove(originalName);
    }
  }

  /** 32 hexadecimal digits. */
  static String newId() {
    var random = ThreadLocalRandom.current();
    var text = new char[32];
    for (int half = 0; half < 2; half++) {
      long bits = random.nextLong();
      for (int i = 0; i < 16; i++) {
        text[half * 16 + i] = HEX[(int) ((bits >>> (i * 4)) & 0xf)];
      }
    }
    return new String(text);
  }
}
