package dev.weir.dataplane.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What filters change of a head: set, add, remove, target. Collected while a request passes its
 * filters, applied once by the serializer and replayed unchanged on a retry; the head itself stays
 * as received.
 *
 * <p>Owned by the exchange's event loop.
 */
public final class HeadEdits {
  private final List<Edit> edits = new ArrayList<>();
  private List<Edit> insisted = List.of();
  private RequestForm form = RequestForm.USUAL;
  private @Nullable String target;
  private @Nullable ClientFields client;
  private long idHigh;
  private long idLow;
  private boolean idWithheld;

  /**
   * One change of a field.
   *
   * @param name lower-case
   * @param value null for a removal
   * @param replace whether received lines of that name go away
   */
  public record Edit(String name, @Nullable String value, boolean replace) {}

  /** Replaces all lines of that name by one. */
  public HeadEdits set(String name, String value) {
    edits.add(new Edit(lower(name), value, true));
    return this;
  }

  /** Adds a line, keeping those of the same name. */
  public HeadEdits add(String name, String value) {
    edits.add(new Edit(lower(name), value, false));
    return this;
  }

  /** Removes all lines of that name. */
  public HeadEdits remove(String name) {
    edits.add(new Edit(lower(name), null, true));
    return this;
  }

  /**
   * Sets a field of a request, or removes it, whatever else the upstream is told; takes effect when
   * the request is sent.
   *
   * @param value null for a removal
   */
  public HeadEdits insist(String name, @Nullable String value) {
    if (insisted.isEmpty()) {
      insisted = new ArrayList<>(4);
    }
    insisted.add(new Edit(lower(name), value, true));
    return this;
  }

  /** What is set in the end. */
  public List<Edit> insisted() {
    return insisted;
  }

  /** Sets how the request is written. */
  public HeadEdits form(RequestForm newForm) {
    form = newForm;
    return this;
  }

  /** How the request is written. */
  public RequestForm form() {
    return form;
  }

  /** Replaces the target (path and query) that is sent upstream. */
  public HeadEdits target(String newTarget) {
    target = newTarget;
    return this;
  }

  /**
   * Adds what an upstream is told about the client: it takes the place of received lines and edits
   * of the same names.
   */
  public HeadEdits client(ClientFields fields) {
    client = fields;
    return this;
  }

  /** What an upstream is told about the client; null for nothing. */
  public @Nullable ClientFields client() {
    return client;
  }

  /** Sets {@code X-Request-ID} to 128 bits, which are not all zero, in place of a received one. */
  public HeadEdits requestId(long high, long low) {
    idHigh = high;
    idLow = low;
    return this;
  }

  /** The id of our own isn't sent: edits say what the field is. */
  public void withholdRequestId() {
    idWithheld = true;
  }

  /** Whether an id of our own is sent. */
  public boolean sendsRequestId() {
    return hasRequestId() && !idWithheld;
  }

  /** Whether there is an id of our own. */
  public boolean hasRequestId() {
    return (idHigh | idLow) != 0;
  }

  /** The upper half of the id of our own. */
  public long idHigh() {
    return idHigh;
  }

  /** The lower half of the id of our own. */
  public long idLow() {
    return idLow;
  }

  /** The id of our own in hexadecimal, 32 digits; empty if there is none. */
  public String requestId() {
    if (!hasRequestId()) {
      return "";
    }
    var text = Unpooled.buffer(32);
    writeRequestId(text);
    return text.toString(StandardCharsets.US_ASCII);
  }

  /** Appends the id of our own. */
  public void writeRequestId(ByteBuf out) {
    out.writeLong(digits(idHigh >>> 32)).writeLong(digits(idHigh));
    out.writeLong(digits(idLow >>> 32)).writeLong(digits(idLow));
  }

  /** The eight hexadecimal digits of the lower half, as bytes of a word. */
  private static long digits(long bits) {
    long spread = ((bits & 0xffff0000L) << 16) | (bits & 0xffffL);
    spread = (spread | (spread << 8)) & 0x00ff00ff00ff00ffL;
    spread = (spread | (spread << 4)) & 0x0f0f0f0f0f0f0f0fL;
    long letters = ((spread + 0x0606060606060606L) >>> 4) & 0x0101010101010101L;
    return spread + 0x3030303030303030L + letters * ('a' - '0' - 10);
  }

  /** Forgets all changes; the request's id stays. */
  public void clear() {
    edits.clear();
    insisted = List.of();
    form = RequestForm.USUAL;
    idWithheld = false;
    target = null;
    client = null;
  }

  /** The new target, or null if it stays. */
  public @Nullable String target() {
    return target;
  }

  /** All changes in the order they were made; later ones win. */
  public List<Edit> edits() {
    return edits;
  }

  /** Whether no field is set, added or removed by name. */
  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /** Whether lines of that name (lower-case) as received go away. */
  public boolean replaces(String lowerName) {
    for (int i = 0; i < edits.size(); i++) {
      var edit = edits.get(i);
      if (edit.replace && edit.name.equals(lowerName)) {
        return true;
      }
    }
    return false;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
