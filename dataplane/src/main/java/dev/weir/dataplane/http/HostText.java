package dev.weir.dataplane.http;

import java.nio.charset.StandardCharsets;

/**
 * The host that a request is routed by, as bytes and hashed: {@link HostName} for a host that needs
 * no change, in one pass. Reused for one request after the other; owned by one event loop.
 */
public final class HostText implements CharSequence {
  private static final int MAX_LENGTH = 253;

  /** 0: not in a plain host; 1: of a label. */
  private static final byte[] LABEL = labels();

  private byte[] bytes = {};
  private int start;
  private int end;
  private int hash;
  private int parentStart;
  private int parentHash;

  /** A host of its own. */
  public static HostText of(String host) {
    var text = new HostText();
    text.set(host);
    return text;
  }

  /** The hash of the end of {@code text}; its upper bits choose a shard, so they are mixed. */
  public static int hash(String text, int from) {
    int hash = 0;
    for (int i = from; i < text.length(); i++) {
      hash = hash * 31 + text.charAt(i);
    }
    return mixed(hash);
  }

  private static int mixed(int hash) {
    int spread = hash * 0x9E3779B9;
    return spread ^ (spread >>> 15);
  }

  /**
   * Takes the host out of an authority that is already in canonical form but for its port; the
   * bytes are not copied.
   *
   * @return false if it isn't, or is malformed: {@link HostName#of} knows
   */
  public boolean read(byte[] authority, int from, int to) {
    int whole = 0;
    int parent = 0;
    int parentFrom = 0;
    byte before = '.';
    int i = from;
    for (; i < to; i++) {
      byte b = authority[i];
      if (b == '.') {
        if (before == '.') {
          return false;
        }
        if (parentFrom == 0) {
          parentFrom = i + 1 - from;
          parent = 0;
          whole = whole * 31 + b;
          before = b;
          continue;
        }
      } else if (b < 0 || LABEL[b] == 0) {
        break;
      }
      whole = whole * 31 + b;
      parent = parent * 31 + b;
      before = b;
    }
    if (before == '.' || i - from > MAX_LENGTH || (i < to && !isPort(authority, i, to))) {
      return false;
    }
    bytes = authority;
    start = from;
    end = i;
    hash = mixed(whole);
    parentStart = parentFrom;
    parentHash = parentFrom == 0 ? 0 : mixed(parent);
    return true;
  }

  private static boolean isPort(byte[] authority, int colon, int to) {
    if (authority[colon] != ':' || to - colon > 5) {
      return false;
    }
    for (int i = colon + 1; i < to; i++) {
      if (authority[i] < '0' || authority[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** Takes a canonical host. */
  public void set(String host) {
    bytes = host.getBytes(StandardCharsets.ISO_8859_1);
    start = 0;
    end = bytes.length;
    hash = hash(host, 0);
    parentStart = afterFirstLabel(host);
    parentHash = parentStart == 0 ? 0 : hash(host, parentStart);
  }

  /** Where the second label begins; 0 if there is none or the first could not match a wildcard. */
  public static int afterFirstLabel(String host) {
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c == '.') {
        return i == 0 ? 0 : i + 1;
      }
      if (!HostName.isLabel(c)) {
        return 0;
      }
    }
    return 0;
  }

  /** As {@link #hash(String, int)} of the whole. */
  public int hash() {
    return hash;
  }

  /** Where the second label begins; 0 if there is none. */
  public int parentStart() {
    return parentStart;
  }

  /** As {@link #hash(String, int)} from {@link #parentStart} on. */
  public int parentHash() {
    return parentHash;
  }

  /** As {@code name.compareTo} would with the host from {@code from} on. */
  public int compareFrom(String name, int from) {
    int at = start + from;
    int length = end - at;
    int common = Math.min(name.length(), length);
    for (int i = 0; i < common; i++) {
      int order = name.charAt(i) - (bytes[at + i] & 0xff);
      if (order != 0) {
        return order;
      }
    }
    return name.length() - length;
  }

  @Override
  public int length() {
    return end - start;
  }

  @Override
  public char charAt(int index) {
    return (char) (bytes[start + index] & 0xff);
  }

  @Override
  public CharSequence subSequence(int from, int to) {
    return toString().substring(from, to);
  }

  @Override
  public String toString() {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  private static byte[] labels() {
    var labels = new byte[128];
    for (char c = 0; c < labels.length; c++) {
      labels[c] = (byte) (HostName.isLabel(c) && (c < 'A' || c > 'Z') ? 1 : 0);
    }
    return labels;
  }
}
