package dev.weir.e2e.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole reply. */
public final class Reply {
  private final Head head;
  private final byte[] body;

  /** One that was put together. */
  public Reply(Head head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  public Head head() {
    return head;
  }

  /** The body, decoded; not to be changed. */
  public byte[] body() {
    return body;
  }

  public int status() {
    return head.status();
  }

  /** The only value of a field, or null; names in lower case. */
  public @Nullable String field(String name) {
    return head.field(name);
  }

  /** All values of a field. */
  public List<String> all(String name) {
    return head.all(name);
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The name of the test backend that answered; null if none did. */
  public @Nullable String backend() {
    return head.field("x-backend");
  }

  /** The head that an echoing test backend received. */
  public Head echoed() {
    int end = text().indexOf("\r\n\r\n");
    if (backend() == null || end < 0) {
      throw new AssertionError("no echo: " + this);
    }
    return Head.parse(text().substring(0, end + 4));
  }

  /** The body that an echoing test backend received. */
  public String echoedBody() {
    return text().substring(text().indexOf("\r\n\r\n") + 4);
  }

  @Override
  public String toString() {
    return head.raw() + (body.length > 2000 ? body.length + " bytes" : text());
  }
}
