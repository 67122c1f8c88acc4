package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.ByteText;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a head and the places of its fields in them; Strings are made when asked for.
 *
 * <p>Filled by a reader that has checked every byte, so that a writer may copy whole lines. Both
 * arrays are used again for the next head that the owner carries. Owned by one event loop.
 */
final class ByteFields implements Fields {
  /** Words of a field in the table: name start, name end, value start, value end, name known. */
  private static final int STRIDE = 5;

  private static final int USUAL_FIELDS = 24;
  private static final int USUAL_BYTES = 1024;

  /** Heads above this are rare; their memory is not kept. */
  private static final int MOST_KEPT = 8 * 1024;

  private final ByteText name = new ByteText();
  private final ByteText value = new ByteText();
  private byte[] bytes = new byte[USUAL_BYTES];
  private int[] places = new int[USUAL_FIELDS * STRIDE];
  private int size;
  private long names;
  private boolean nominates;

  /** Forgets the fields; what is in {@link #bytes} is to be overwritten. */
  void clear() {
    size = 0;
    names = 0;
    nominates = false;
    if (bytes.length > MOST_KEPT) {
      bytes = new byte[USUAL_BYTES];
      places = new int[USUAL_FIELDS * STRIDE];
    }
  }

  /** The head's bytes. */
  byte[] bytes() {
    return bytes;
  }

  /** The head's bytes, with room for that many. */
  byte[] bytes(int capacity) {
    if (capacity > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(capacity, bytes.length * 2));
    }
    return bytes;
  }

  /** Adds a field; each of these is a place in {@link #bytes}. */
  void add(FieldName known, int nameStart, int nameEnd, int valueStart, int valueEnd) {
    int at = size++ * STRIDE;
    if (at == places.length) {
      places = Arrays.copyOf(places, at * 2);
    }
    places[at] = nameStart;
    places[at + 1] = nameEnd;
    places[at + 2] = valueStart;
    places[at + 3] = valueEnd;
    places[at + 4] = Long.numberOfTrailingZeros(known.bit());
    names |= known.bit();
  }

  /** Notes that a {@code Connection} field names other fields. */
  void nominates(boolean now) {
    nominates = now;
  }

  /** Whether a {@code Connection} field names other fields. */
  boolean nominates() {
    return nominates;
  }

  int nameStart(int field) {
    return places[field * STRIDE];
  }

  int nameEnd(int field) {
    return places[field * STRIDE + 1];
  }

  int valueStart(int field) {
    return places[field * STRIDE + 2];
  }

  int valueEnd(int field) {
    return places[field * STRIDE + 3];
  }

  /** The bit of the field's name. */
  long bit(int field) {
    return 1L << places[field * STRIDE + 4];
  }

  /** The field's name, until the next call. */
  ByteText name(int field) {
    return name.set(bytes, nameStart(field), nameEnd(field));
  }

  /**
   * Where the field's line ends, if it can be copied as it is: one space after the colon, none
   * before the line's end. Otherwise -1.
   */
  int wholeLineEnd(int field) {
    int end = valueEnd(field);
    boolean plain =
        valueStart(field) == nameEnd(field) + 2
            && bytes[nameEnd(field) + 1] == ' '
            && bytes[end] == '\r';
    return plain ? end + 2 : -1;
  }

  @Override
  public @Nullable String first(String wanted) {
    int i = find(wanted, 0);
    return i < 0 ? null : value(i);
  }

  @Override
  public List<String> all(String wanted) {
    int i = find(wanted, 0);
    if (i < 0) {
      return List.of();
    }
    var values = new ArrayList<String>(2);
    for (; i >= 0; i = find(wanted, i + 1)) {
      values.add(value(i));
    }
    return values;
  }

  @Override
  public @Nullable CharSequence valueText(String wanted, int index) {
    int i = find(wanted, 0);
    for (int left = index; i >= 0 && left > 0; left--) {
      i = find(wanted, i + 1);
    }
    return i < 0 ? null : value.set(bytes, valueStart(i), valueEnd(i));
  }

  @Override
  public boolean contains(String wanted) {
    return find(wanted, 0) >= 0;
  }

  @Override
  public boolean contains(FieldName wanted) {
    return (names & wanted.bit()) != 0;
  }

  @Override
  public void forEach(Visitor visitor) {
    for (int i = 0; i < size; i++) {
      visitor.field(name(i), value.set(bytes, valueStart(i), valueEnd(i)));
    }
  }

  @Override
  public int size() {
    return size;
  }

  private String value(int i) {
    int from = valueStart(i);
    return new String(bytes, from, valueEnd(i) - from, StandardCharsets.ISO_8859_1);
  }

  private int find(String wanted, int from) {
    for (int i = from; i < size; i++) {
      int start = nameStart(i);
      if (nameEnd(i) - start == wanted.length() && same(start, wanted)) {
        return i;
      }
    }
    return -1;
  }

  private boolean same(int start, String wanted) {
    for (int i = 0; i < wanted.length(); i++) {
      if (lower(bytes[start + i]) != lower((byte) wanted.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte b) {
    return b >= 'A' && b <= 'Z' ? b + 32 : b;
  }
}
