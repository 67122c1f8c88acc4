package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fields as places in the bytes of a head; Strings are made when asked for. Immutable. */
final class ByteFields implements Fields {
  /** Places of a field in the table: name start, name end, value start, value end. */
  static final int STRIDE = 4;

  private final byte[] bytes;
  private final int[] places;
  private final int size;

  /** Takes both arrays over. */
  ByteFields(byte[] bytes, int[] places, int size) {
    this.bytes = bytes;
    this.places = places;
    this.size = size;
  }

  @Override
  public @Nullable String first(String name) {
    int i = find(name, 0);
    return i < 0 ? null : value(i);
  }

  @Override
  public List<String> all(String name) {
    int i = find(name, 0);
    if (i < 0) {
      return List.of();
    }
    var values = new ArrayList<String>(2);
    for (; i >= 0; i = find(name, i + 1)) {
      values.add(value(i));
    }
    return values;
  }

  @Override
  public boolean contains(String name) {
    return find(name, 0) >= 0;
  }

  @Override
  public void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      int at = i * STRIDE;
      visitor.field(
          new AsciiString(bytes, places[at], places[at + 1] - places[at], false),
          new AsciiString(bytes, places[at + 2], places[at + 3] - places[at + 2], false));
    }
  }

  @Override
  public int size() {
    return size;
  }

  private String value(int i) {
    int at = i * STRIDE;
    return new String(
        bytes, places[at + 2], places[at + 3] - places[at + 2], StandardCharsets.ISO_8859_1);
  }

  private int find(String name, int from) {
    for (int i = from; i < size; i++) {
      int at = i * STRIDE;
      if (places[at + 1] - places[at] == name.length() && same(places[at], name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean same(int start, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (lower(bytes[start + i]) != lower((byte) name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
