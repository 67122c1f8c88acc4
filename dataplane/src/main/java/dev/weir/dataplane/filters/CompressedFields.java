package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import java.util.List;

/** What compression asks of a reply's head, and what becomes of it. Pure. */
final class CompressedFields {
  /** They speak of the bytes that are not sent (RFC 9110 14.3, RFC 9530, RFC 1864). */
  private static final List<String> OF_PLAIN_BYTES =
      List.of("accept-ranges", "content-md5", "content-digest", "repr-digest", "digest");

  private CompressedFields() {}

  /**
   * Whether a reply is whole, not encoded yet, and nobody forbids it to be changed on its way (RFC
   * 9111 5.2.1.6, 5.2.2.6).
   */
  static boolean mayCompress(RequestHead request, ReplyHead reply) {
    return switch (reply.status()) {
      case 200, 403, 404 ->
          !isEncoded(reply.fields())
              && !names(reply.fields().all("cache-control"), "no-transform")
              && !names(request.fields().all("cache-control"), "no-transform");
      default -> false;
    };
  }

  /**
   * The length of the body, or of the one that GET would get in place of HEAD; {@link
   * RequestHead#UNKNOWN_LENGTH} if it isn't announced.
   */
  static long length(RequestHead request, ReplyHead reply) {
    if (!request.method().equals("HEAD")) {
      return reply.bodyLength();
    }
    var length = reply.fields().first("content-length");
    // Digits and not too many of them: the reader of replies has seen to that.
    return length == null ? RequestHead.UNKNOWN_LENGTH : Long.parseLong(length);
  }

  private static boolean isEncoded(Fields fields) {
    var lines = fields.all("content-encoding");
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Tells caches that the reply depends on {@code Accept-Encoding}. */
  static void vary(ReplyHead reply, HeadEdits edits) {
    boolean told = tells(reply.fields().all("vary"));
    var made = edits.edits();
    for (int i = 0; i < made.size(); i++) {
      var edit = made.get(i);
      if (edit.name().equals("vary")) {
        var value = edit.value();
        told = (told && !edit.replace()) || (value != null && tells(List.of(value)));
      }
    }
    if (!told) {
      edits.add("vary", "Accept-Encoding");
    }
  }

  private static boolean tells(List<String> vary) {
    return names(vary, "accept-encoding") || names(vary, "*");
  }

  /**
   * Says what the body is now, and takes away what was true of the other one only. An {@code ETag}
   * that the route took away or set stays as the route has it.
   */
  static void edit(String coding, ReplyHead reply, HeadEdits edits) {
    edits.set("content-encoding", coding);
    var etag = edits.replaces("etag") ? null : reply.fields().first("etag");
    if (etag != null && etag.startsWith("\"")) {
      edits.set("etag", "W/" + etag);
    } else if (etag != null && !etag.startsWith("W/")) {
      edits.remove("etag");
    }
    for (int i = 0; i < OF_PLAIN_BYTES.size(); i++) {
      if (reply.fields().contains(OF_PLAIN_BYTES.get(i))) {
        edits.remove(OF_PLAIN_BYTES.get(i));
      }
    }
  }

  /** Whether lists contain an element, in any case. */
  private static boolean names(List<String> lines, String wanted) {
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      for (int start = 0; start <= line.length(); ) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        if (line.substring(start, end).strip().equalsIgnoreCase(wanted)) {
          return true;
        }
        start = end + 1;
      }
    }
    return false;
  }
}
