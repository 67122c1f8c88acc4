package dev.weir.testsupport.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Packs fields (RFC 7541) in the plainest form, as literals that no table keeps and no Huffman code
 * shortens, unless told otherwise. Whatever bytes names and values consist of.
 */
public final class FieldBlock {
  private static final int LITERAL = 0x00;
  private static final int LITERAL_KEPT = 0x40;
  private static final int INDEXED = 0x80;
  private static final int RESIZE = 0x20;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A block of names and values in turns. */
  public static FieldBlock of(String... namesAndValues) {
    var block = new FieldBlock();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      block.field(namesAndValues[i], namesAndValues[i + 1]);
    }
    return block;
  }

  /** A request without further fields. */
  public static FieldBlock request(String method, String scheme, String authority, String path) {
    return of(":method", method, ":scheme", scheme, ":authority", authority, ":path", path);
  }

  /** A GET over a plain connection. */
  public static FieldBlock get(String authority, String path) {
    return request("GET", "http", authority, path);
  }

  /** A POST over a plain connection. */
  public static FieldBlock post(String authority, String path) {
    return request("POST", "http", authority, path);
  }

  /** Adds a field. */
  public FieldBlock field(String name, String value) {
    return literal(LITERAL, name, value);
  }

  /** Adds a field, and has the table keep it. */
  public FieldBlock kept(String name, String value) {
    return literal(LITERAL_KEPT, name, value);
  }

  private FieldBlock literal(int form, String name, String value) {
    bytes.write(form);
    string(name);
    string(value);
    return this;
  }

  /** Adds a field of the table; the static ones are 1 to 61, kept ones follow, the newest first. */
  public FieldBlock indexed(int index) {
    number(INDEXED, 7, index);
    return this;
  }

  /** Changes the size of the table. */
  public FieldBlock resize(int size) {
    number(RESIZE, 5, size);
    return this;
  }

  /** Adds bytes as they are. */
  public FieldBlock raw(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  private void string(String text) {
    var content = text.getBytes(StandardCharsets.ISO_8859_1);
    number(0, 7, content.length);
    bytes.writeBytes(content);
  }

  /** RFC 7541 5.1. */
  private void number(int form, int bits, int value) {
    int most = (1 << bits) - 1;
    if (value < most) {
      bytes.write(form | value);
      return;
    }
    bytes.write(form | most);
    int rest = value - most;
    while (rest >= 0x80) {
      bytes.write(0x80 | (rest & 0x7f));
      rest >>>= 7;
    }
    bytes.write(rest);
  }

  /** The block so far. */
  public byte[] bytes() {
    return bytes.toByteArray();
  }
}
