package dev.weir.e2e.http2;

import dev.weir.e2e.wire.Head;
import dev.weir.testsupport.http2.ErrorCode;
import dev.weir.testsupport.http2.FieldReader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came on a stream so far, and what may be sent on it. */
final class Incoming {
  private final List<Head> interim = new ArrayList<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private @Nullable Head head;
  private List<Head.Field> trailers = List.of();
  private @Nullable ErrorCode reset;
  private boolean ended;

  /** Bytes that the server takes. */
  long window;

  Incoming(long window) {
    this.window = window;
  }

  void fields(List<FieldReader.Field> fields) {
    if (head != null) {
      trailers = fields.stream().map(Incoming::field).toList();
      return;
    }
    var first = fields.getFirst();
    if (!first.name().equals(":status")) {
      throw new AssertionError("a reply that begins with " + first);
    }
    var raw = new StringBuilder("HTTP/2 " + first.value() + "\r\n");
    var others = new ArrayList<Head.Field>();
    for (var field : fields.subList(1, fields.size())) {
      if (!field.name().matches("[a-z0-9!#$%&'*+.^_`|~-]+")) {
        throw new AssertionError("no name of a field: " + field);
      }
      raw.append(field).append("\r\n");
      others.add(field(field));
    }
    var now = new Head(raw + "\r\n", "HTTP/2 " + first.value(), List.copyOf(others));
    if (now.status() < 200) {
      interim.add(now);
    } else {
      head = now;
    }
  }

  private static Head.Field field(FieldReader.Field field) {
    return new Head.Field(field.name(), field.value());
  }

  void data(byte[] bytes) {
    if (head == null) {
      throw new AssertionError("DATA before a head");
    }
    body.writeBytes(bytes);
  }

  void end(@Nullable ErrorCode why) {
    if (ended && reset == null && why == null) {
      throw new AssertionError("a stream ended twice");
    }
    // NO_ERROR behind a whole reply asks for no more of the request (RFC 9113 8.1).
    reset = ended ? reset : why;
    ended = true;
  }

  boolean ended() {
    return ended;
  }

  /** Whether the head of the reply is there. */
  boolean begun() {
    return head != null;
  }

  int received() {
    return body.size();
  }

  Http2Reply reply() {
    return new Http2Reply(List.copyOf(interim), head, body.toByteArray(), trailers, reset);
  }
}
