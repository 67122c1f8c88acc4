package dev.weir.dataplane.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Names of fields that the proxy itself looks at. Each field of a head is told apart once, when it
 * is read; what comes later asks for a bit and not for a name.
 */
public enum FieldName {
  /** Any name that is none of the following. */
  OTHER,
  TE,
  HOST,
  PROXY,
  SERVER,
  EXPECT,
  TRAILER,
  UPGRADE,
  X_SCHEME,
  X_REAL_IP,
  CONNECTION,
  KEEP_ALIVE,
  CONTENT_TYPE,
  X_REQUEST_ID,
  AUTHORIZATION,
  CONTENT_LENGTH,
  HTTP2_SETTINGS,
  X_FORWARDED_FOR,
  PROXY_CONNECTION,
  X_FORWARDED_HOST,
  X_FORWARDED_PORT,
  TRANSFER_ENCODING,
  X_FORWARDED_PROTO,
  PROXY_AUTHENTICATE,
  SEC_WEBSOCKET_KEY1,
  SEC_WEBSOCKET_KEY2,
  X_FORWARDED_SCHEME,
  PROXY_AUTHORIZATION,
  X_ORIGINAL_FORWARDED_FOR,
  X_ORIGINAL_FORWARDED_HOST;

  private static final FieldName[][] BY_LENGTH = byLength();

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  @SuppressWarnings("EnumOrdinal") // A place in a set, which nobody stores.
  private final long bit = 1L << ordinal();

  /** Lower-case. */
  public String text() {
    return text;
  }

  /** Its place in a set of names. */
  public long bit() {
    return bit;
  }

  /** The bits of several names. */
  public static long bits(FieldName... names) {
    long bits = 0;
    for (var name : names) {
      bits |= name.bit;
    }
    return bits;
  }

  /** The name that these bytes, a token, are in any case. */
  public static FieldName of(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length < BY_LENGTH.length) {
      for (var candidate : BY_LENGTH[length]) {
        if (candidate.is(bytes, start, length)) {
          return candidate;
        }
      }
    }
    return OTHER;
  }

  /** The name that this text is in any case. */
  public static FieldName of(CharSequence name) {
    int length = name.length();
    if (length < BY_LENGTH.length) {
      for (var candidate : BY_LENGTH[length]) {
        if (candidate.is(name)) {
          return candidate;
        }
      }
    }
    return OTHER;
  }

  private boolean is(byte[] bytes, int start, int length) {
    for (int i = 0; i < length; i++) {
      // No other byte of a token becomes a letter, digit or dash of ours by this.
      if ((bytes[start + i] | 0x20) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean is(CharSequence name) {
    for (int i = 0; i < text.length(); i++) {
      char c = name.charAt(i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static FieldName[][] byLength() {
    int longest = 0;
    for (var name : values()) {
      longest = Math.max(longest, name.text.length());
    }
    var table = new FieldName[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      List<FieldName> names = new ArrayList<>();
      for (var name : values()) {
        if (name != OTHER && name.text.length() == length) {
          names.add(name);
        }
      }
      table[length] = names.toArray(new FieldName[0]);
    }
    return table;
  }
}
