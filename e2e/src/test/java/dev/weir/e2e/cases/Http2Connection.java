package dev.weir.e2e.cases;

import dev.weir.e2e.http2.Http2Wire;
import dev.weir.e2e.wire.Wire;
import dev.weir.testsupport.http2.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A connection of a case that speaks HTTP/2. Its requests are written down as those of HTTP/1. */
final class Http2Connection implements AutoCloseable {
  private static final String VERSION = "HTTP/2";
  private static final String WANTED = "h2";

  private final @Nullable Http2Wire wire;
  private final String agreed;
  private final Map<String, String> security;

  private Http2Connection(@Nullable Http2Wire wire, String agreed, Map<String, String> security) {
    this.wire = wire;
    this.agreed = agreed;
    this.security = security;
  }

  /** Whether the request's first line says so. */
  static boolean isWanted(Step.Request request) {
    int end = request.bytes().indexOf('\r');
    return end > 0 && request.bytes().substring(0, end).endsWith(" " + VERSION);
  }

  /** With prior knowledge. */
  static Http2Connection on(Wire plain) throws IOException {
    return new Http2Connection(Http2Wire.over(plain).open(), "", Map.of());
  }

  /** As far as it is agreed on. */
  static Http2Connection onTls(Wire secured) throws IOException {
    boolean both = secured.spoken().equals(WANTED);
    var wire = both ? Http2Wire.over(secured).open() : null;
    if (wire == null) {
      secured.close();
    }
    return new Http2Connection(wire, secured.spoken(), both ? secured.security() : Map.of());
  }

  /** Protocols to be offered, preferred first. */
  static String[] offered() {
    return new String[] {WANTED, "http/1.1"};
  }

  /** Sends a request and reads its reply; without one if it is not served in HTTP/2. */
  Client.Outcome send(Step.Request request) throws IOException {
    var to = wire;
    if (to == null) {
      return new Client.Outcome(null, true, facts(null));
    }
    var message = request.bytes();
    int headEnd = message.indexOf("\r\n\r\n");
    var lines = message.substring(0, headEnd).split("\r\n", -1);
    var words = lines[0].split(" ", -1);
    var authority = "";
    var fields = new HashMap<String, String>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(": ");
      var name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      if (name.equals("host")) {
        authority = lines[i].substring(colon + 2);
      } else {
        fields.put(name, lines[i].substring(colon + 2));
      }
    }
    var head = to.head(words[0], authority, words[1]);
    fields.forEach(head::field);
    var body = message.substring(headEnd + 4).getBytes(StandardCharsets.ISO_8859_1);
    int stream = to.request(head, body.length == 0);
    if (body.length > 0) {
      to.body(stream, body, true);
    }
    var reply = to.reply(stream);
    var whole = reply.head() == null ? null : reply.asReply();
    return new Client.Outcome(whole, request.expect().closed() && isClosedByPeer(to), facts(to));
  }

  private static boolean isClosedByPeer(Http2Wire wire) throws IOException {
    while (wire.take() != null) {
      // What is said at the end.
    }
    return true;
  }

  /** What is known besides the reply: what was agreed on, and how many streams are allowed. */
  private Map<String, String> facts(@Nullable Http2Wire from) {
    var facts = new HashMap<>(security);
    facts.put("alpn", agreed);
    if (from != null) {
      facts.put("streams", Integer.toString(from.setting(Frame.MAX_CONCURRENT_STREAMS)));
    }
    return facts;
  }

  @Override
  public void close() throws IOException {
    if (wire != null) {
      wire.close();
    }
  }
}
