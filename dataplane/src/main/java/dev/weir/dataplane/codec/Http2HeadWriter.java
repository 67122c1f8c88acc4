package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Packs heads of replies into blocks of fields (RFC 7541): Netty's encoder, which is handed one
 * field after the other from where it stands. No table of fields is kept: a block depends on no
 * other, what we hold for a client doesn't grow, and nothing can be learned from the size of a
 * block about the fields of another one.
 *
 * <p>One for each connection; owned by its event loop.
 */
final class Http2HeadWriter {
  private static final AsciiString STATUS = Http2Headers.PseudoHeaderName.STATUS.value();
  private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
  private static final String ACCEPT = "sec-websocket-accept";

  /** Of a reply without {@code Content-Length}. */
  static final long NO_LENGTH = -1;

  private final LowerNames names;
  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true, 2);
  private final Cursor cursor = new Cursor();

  Http2HeadWriter(LowerNames names) {
    this.names = names;
    try {
      // Said to the client at the beginning of the first block (RFC 7541 4.2).
      encoder.maxHeaderTableSize(0);
    } catch (Http2Exception e) {
      throw new IllegalStateException("a table of size 0 is allowed", e);
    }
  }

  /**
   * Writes a block.
   *
   * @param status in place of the head's own, which may be one that HTTP/2 doesn't have
   * @param length for {@code Content-Length}, or {@link #NO_LENGTH}
   * @param keepsLength whether a received {@code Content-Length} stays: it describes another reply
   * @throws IllegalArgumentException if an edit names what is no field, or one that says how the
   *     reply is framed; nothing was written then
   */
  void write(
      ByteBuf to, ReplyHead head, HeadEdits edits, int status, long length, boolean keepsLength) {
    Http1ReplyWriter.check(edits, head.status());
    cursor.begin(head, edits, status, length, keepsLength);
    encode(to);
  }

  /** Writes a block of a status alone. */
  void writeStatus(ByteBuf to, int status) {
    cursor.begin(status);
    encode(to);
  }

  /** Writes a block of these fields alone: trailers. */
  void writeFields(ByteBuf to, Fields fields) {
    cursor.begin(fields);
    encode(to);
  }

  private void encode(ByteBuf to) {
    try {
      encoder.encodeHeaders(0, cursor.source, to);
    } catch (Http2Exception e) {
      throw new IllegalStateException("no limit is set that a block could exceed", e);
    } finally {
      cursor.end();
    }
  }

  /** In the place of a collection. */
  private static final class Source extends DefaultHttp2Headers {
    private final Cursor cursor;

    Source(Cursor cursor) {
      super(false, 2);
      this.cursor = cursor;
    }

    @Override
    public Iterator<Map.Entry<CharSequence, CharSequence>> iterator() {
      return cursor;
    }
  }

  /** Goes over status, received fields, edits and length; it is each field in turn. */
  private final class Cursor
      implements Iterator<Map.Entry<CharSequence, CharSequence>>,
          Map.Entry<CharSequence, CharSequence> {
    private final Source source = new Source(this);
    private @Nullable ByteFields received;
    private List<CharSequence> others = List.of();
    private List<HeadEdits.Edit> changes = List.of();
    private @Nullable HeadEdits edits;
    private List<String> nominated = List.of();
    private long dropped;
    private boolean switching;
    private int status;
    private long length;
    private int at;
    private boolean ready;
    private CharSequence name = "";
    private CharSequence value = "";

    void begin(
        ReplyHead head, HeadEdits headEdits, int newStatus, long newLength, boolean keepsLength) {
      begin(head.fields());
      edits = headEdits;
      changes = headEdits.edits();
      dropped =
          Http1ReplyWriter.NOT_PASSED
              | FieldName.UPGRADE.bit()
              | (keepsLength ? 0 : FieldName.CONTENT_LENGTH.bit());
      status = newStatus;
      length = newLength;
      switching = head.status() == 101;
    }

    void begin(int onlyStatus) {
      received = null;
      at = 0;
      ready = false;
      length = NO_LENGTH;
      status = onlyStatus;
    }

    void begin(Fields fields) {
      edits = null;
      changes = List.of();
      nominated = ReceivedLines.nominated(fields);
      dropped = Http1ReplyWriter.NOT_PASSED | FieldName.CONTENT_LENGTH.bit();
      status = 0;
      length = NO_LENGTH;
      switching = false;
      at = 0;
      ready = false;
      if (fields instanceof ByteFields known) {
        received = known;
      } else {
        received = null;
        others = new ArrayList<>(2 * fields.size());
        fields.forEach(
            (field, text) -> {
              others.add(field.toString().toLowerCase(Locale.ROOT));
              others.add(text.toString());
            });
      }
    }

    /** Holds on to nothing. */
    void end() {
      received = null;
      others = List.of();
      changes = List.of();
      edits = null;
      nominated = List.of();
    }

    @Override
    public boolean hasNext() {
      ready = ready || advance();
      return ready;
    }

    @Override
    public Map.Entry<CharSequence, CharSequence> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      ready = false;
      return this;
    }

    private boolean advance() {
      if (status != 0) {
        name = STATUS;
        value = HttpResponseStatus.valueOf(status).codeAsText();
        status = 0;
        return true;
      }
      var fields = received;
      if (fields != null ? advanceIn(fields) : advanceInOthers()) {
        return true;
      }
      int first = fields != null ? fields.size() : others.size() / 2;
      for (int i = at - first; i < changes.size(); i++, at++) {
        var text = changes.get(i).value();
        if (text != null && !ReceivedLines.replacedLater(changes, i)) {
          at++;
          name = changes.get(i).name();
          value = clean(text);
          return true;
        }
      }
      if (length >= 0) {
        name = CONTENT_LENGTH;
        value = Long.toString(length);
        length = NO_LENGTH;
        return true;
      }
      return false;
    }

    private boolean advanceIn(ByteFields fields) {
      for (; at < fields.size(); at++) {
        if ((fields.bit(at) & dropped) == 0 && !isLeftOut(fields.name(at))) {
          var bytes = fields.bytes();
          int from = fields.valueStart(at);
          name = names.of(bytes, fields.nameStart(at), fields.nameEnd(at));
          value = new AsciiString(bytes, from, fields.valueEnd(at) - from, false);
          at++;
          return true;
        }
      }
      return false;
    }

    private boolean advanceInOthers() {
      for (; at < others.size() / 2; at++) {
        var other = others.get(2 * at);
        if ((FieldName.of(other).bit() & dropped) == 0 && !isLeftOut(other)) {
          name = other;
          value = others.get(2 * at + 1);
          at++;
          return true;
        }
      }
      return false;
    }

    private boolean isLeftOut(CharSequence field) {
      var current = edits;
      return (current != null && !current.isEmpty() && ReceivedLines.replaced(current, field))
          || (!nominated.isEmpty() && ReceivedLines.contains(nominated, field))
          || (switching && AsciiString.contentEqualsIgnoreCase(field, ACCEPT));
    }

    @Override
    public CharSequence getKey() {
      return name;
    }

    @Override
    public CharSequence getValue() {
      return value;
    }

    @Override
    public CharSequence setValue(CharSequence newValue) {
      throw new UnsupportedOperationException("read-only");
    }
  }

  /** Latin-1 as it is; what can't stand in a field becomes a space. */
  private static String clean(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!fits(value.charAt(i))) {
        var made = new StringBuilder(value);
        for (int at = i; at < value.length(); at++) {
          if (!fits(value.charAt(at))) {
            made.setCharAt(at, ' ');
          }
        }
        return made.toString();
      }
    }
    return value;
  }

  private static boolean fits(char c) {
    return (c >= ' ' && c <= 0xff && c != 0x7f) || c == '\t';
  }
}
