package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.codec.StatusText;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes replies of our own: nginx's pages without its name, a date, no {@code Server}. Shared by
 * all loops.
 */
final class LocalReplies {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final ConcurrentMap<String, byte[]> pages = new ConcurrentHashMap<>();
  private volatile DateText date = new DateText(0, "");

  private record DateText(long second, String text) {}

  /** The head of an own reply; its fields are all in the edits. */
  record Head(int status, long bodyLength) implements ReplyHead {
    @Override
    public String reason() {
      return "";
    }

    @Override
    public Fields fields() {
      return NoFields.NONE;
    }
  }

  /** No fields. */
  enum NoFields implements Fields {
    NONE;

    @Override
    public @Nullable String first(String name) {
      return null;
    }

    @Override
    public List<String> all(String name) {
      return List.of();
    }

    @Override
    public boolean contains(String name) {
      return false;
    }

    @Override
    public void forEach(Visitor visitor) {
      // Nothing to visit.
    }

    @Override
    public int size() {
      return 0;
    }
  }

  /** Changes a reply's head before it is sent: the reply filters. */
  interface HeadFilter {
    void apply(ReplyHead head, HeadEdits edits);
  }

  /**
   * Sends a reply whole.
   *
   * @param detail text in the page instead of the status's; null for none
   */
  void send(ServerStream stream, LocalReply reply, @Nullable String detail, HeadFilter filter) {
    var body =
        reply.body() == LocalReply.Body.NONE
            ? Unpooled.EMPTY_BUFFER
            : Unpooled.wrappedBuffer(page(reply.status(), detail));
    var head = new Head(reply.status(), body.readableBytes());
    var edits = new HeadEdits();
    edits.set("date", date());
    if (body.isReadable()) {
      edits.set("content-type", "text/html");
    }
    reply.putFields(edits);
    filter.apply(head, edits);
    if (reply.close()) {
      stream.closeAfterReply();
    }
    stream.sendHead(head, edits, !body.isReadable());
    if (body.isReadable()) {
      stream.sendBody(body, true);
    }
  }

  private byte[] page(int status, @Nullable String detail) {
    var title = status + " " + title(status);
    return pages.computeIfAbsent(
        detail == null ? title : title + ": " + detail, heading -> makePage(title, detail));
  }

  /** nginx's pages and status lines don't always agree. */
  private static String title(int status) {
    return switch (status) {
      case 302 -> "Found";
      case 401 -> "Authorization Required";
      default -> StatusText.of(status);
    };
  }

  private static byte[] makePage(String title, @Nullable String detail) {
    var more = detail == null ? "" : "<center>" + detail + "</center>\r\n";
    var text =
        "<html>\r\n<head><title>"
            + title
            + "</title></head>\r\n<body>\r\n<center><h1>"
            + title
            + "</h1></center>\r\n"
            + more
            + "</body>\r\n</html>\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The Date field's value (RFC 9110 6.6.1), made once a second. */
  private String date() {
    long second = System.currentTimeMillis() / 1000;
    var current = date;
    if (current.second != second) {
      current = new DateText(second, DATE.format(Instant.ofEpochSecond(second)));
      date = current;
    }
    return current.text;
  }
}
