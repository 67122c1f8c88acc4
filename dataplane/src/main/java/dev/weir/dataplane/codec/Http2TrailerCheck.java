package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.OwnFields;
import dev.weir.dataplane.http.Tokens;
import io.netty.util.AsciiString;

/**
 * Whether the fields behind a request's body may stand there (RFC 9113 8.1, 8.2; hardening.md row
 * 115). They go no further, as nginx and Envoy have it, too, where the backend speaks HTTP/1.1: a
 * request with {@code Content-Length} has no place for them there, no field of a request says that
 * its backend takes any, and some backends mix them with the fields of the head, where nobody has
 * looked at them. RFC 9110 6.5.1 allows it. Owned by the connection's event loop.
 */
final class Http2TrailerCheck implements Http2HeadBlock.Taker {
  private int fields;
  private int size;
  private boolean good;

  /** Begins another block. */
  void begin() {
    fields = 0;
    size = 0;
    good = true;
  }

  /** Whether nothing was wrong. */
  boolean good() {
    return good;
  }

  @Override
  public void field(AsciiString name, AsciiString value) {
    size += name.length() + value.length();
    good &=
        ++fields <= Http1HeadReader.MAX_FIELDS
            && size <= Http1HeadReader.MAX_HEAD
            && Tokens.isToken(name)
            && isLowerCase(name)
            && (FieldName.of(name).bit() & OwnFields.OF_REQUESTS) == 0
            && isValue(value);
  }

  private static boolean isLowerCase(AsciiString name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.byteAt(i) >= 'A' && name.byteAt(i) <= 'Z') {
        return false;
      }
    }
    return true;
  }

  private static boolean isValue(AsciiString value) {
    int from = value.arrayOffset();
    int to = from + value.length();
    return ControlBytes.find(value.array(), from, to) == to;
  }
}
