package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.RequestHead;
import io.netty.util.AsciiString;

/**
 * Which clients of HTTP/2 are sent what follows a reply's body: those that say so with {@code te:
 * trailers} (RFC 9110 10.1.4), and those that speak gRPC, whose status comes there.
 */
final class TrailerTakers {
  private static final String GRPC = "application/grpc";

  private TrailerTakers() {}

  /** Whether who sent this request is one of them. */
  static boolean include(RequestHead head) {
    // The only value that TE may have in HTTP/2.
    return head.fields().contains(FieldName.TE) || isGrpc(head);
  }

  private static boolean isGrpc(RequestHead head) {
    if (!head.fields().contains(FieldName.CONTENT_TYPE)) {
      return false;
    }
    var type = head.fields().valueText("content-type", 0);
    return type != null
        && type.length() >= GRPC.length()
        && AsciiString.regionMatches(type, true, 0, GRPC, 0, GRPC.length());
  }
}
