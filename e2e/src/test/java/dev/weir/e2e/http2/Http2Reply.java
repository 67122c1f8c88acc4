package dev.weir.e2e.http2;

import dev.weir.e2e.wire.Head;
import dev.weir.e2e.wire.Reply;
import dev.weir.testsupport.http2.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came on a stream, up to its end.
 *
 * @param interim heads of 1xx
 * @param head null if the stream was reset before it came
 * @param body what came of it; not to be changed
 * @param trailers fields behind the body
 * @param reset why the server ended the stream; null if it said all
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Http2Reply(
    List<Head> interim,
    @Nullable Head head,
    byte[] body,
    List<Head.Field> trailers,
    @Nullable ErrorCode reset) {

  /** The status; 0 if there is none. */
  public int status() {
    return head == null ? 0 : head.status();
  }

  /** The status, or {@code reset} and why: what a case may expect of a stream. */
  public String outcome() {
    return reset == null || (reset == ErrorCode.NO_ERROR && head != null)
        ? Integer.toString(status())
        : "reset " + reset;
  }

  /** The only value of a field, or null; names in lower case. */
  public @Nullable String field(String name) {
    return head == null ? null : head.field(name);
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The same as a reply of HTTP/1, for what there is to ask of one. */
  public Reply asReply() {
    if (head == null) {
      throw new AssertionError("no reply: " + outcome());
    }
    return new Reply(head, body);
  }

  /** The head that an echoing test backend received. */
  public Head echoed() {
    return asReply().echoed();
  }

  @Override
  public String toString() {
    return outcome() + (head == null ? "" : "\n" + head.raw()) + body.length + " bytes " + trailers;
  }
}
