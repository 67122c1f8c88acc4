package dev.weir.dataplane.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes: target, path, authority, host, as {@link RequestHead} says. Points into the
 * bytes of the head where these are already in the form wanted, and makes Strings when asked.
 *
 * <p>Reused for one request after the other; owned by one event loop.
 */
public final class Destination {
  private final ByteText targetBytes = new ByteText();
  private final ByteText pathBytes = new ByteText();
  private final ByteText authorityBytes = new ByteText();
  private final HostText hostText = new HostText();
  private boolean plain;
  private @Nullable String target;
  private @Nullable String path;
  private @Nullable String authority;
  private @Nullable String host;

  /** Takes an authority; false if it isn't one. */
  boolean readAuthority(CharSequence received) {
    authority = null;
    host = null;
    if (received instanceof ByteText text) {
      authorityBytes.set(text.bytes(), text.start(), text.end());
      if (hostText.read(text.bytes(), text.start(), text.end())) {
        return true;
      }
    }
    var whole = received.toString();
    var name = HostName.of(whole);
    if (name == null) {
      return false;
    }
    authority = whole;
    host = name;
    hostText.set(name);
    if (!(received instanceof ByteText)) {
      var bytes = whole.getBytes(StandardCharsets.ISO_8859_1);
      authorityBytes.set(bytes, 0, bytes.length);
    }
    return true;
  }

  /** Takes a target in origin form whose path needs no change; false if it isn't such a one. */
  boolean readPlainTarget(byte[] bytes, int from, int to) {
    int pathEnd = CanonicalPath.plainEnd(bytes, from, to);
    if (pathEnd < 0) {
      return false;
    }
    plain = true;
    target = null;
    path = null;
    targetBytes.set(bytes, from, to);
    pathBytes.set(bytes, from, pathEnd);
    return true;
  }

  /** Takes a target and its canonical path. */
  void setTarget(String newTarget, String newPath) {
    plain = false;
    target = newTarget;
    path = newPath;
  }

  /** Whether the path is in its canonical form as received, and the target in origin form. */
  public boolean isPlain() {
    return plain;
  }

  /** See {@link RequestHead#target}. */
  public String target() {
    var text = target;
    if (text == null) {
      text = targetBytes.toString();
      target = text;
    }
    return text;
  }

  /** See {@link RequestHead#targetText}. */
  public CharSequence targetText() {
    var text = target;
    return plain || text == null ? targetBytes : text;
  }

  /** See {@link RequestHead#path}. */
  public String path() {
    var text = path;
    if (text == null) {
      text = pathBytes.toString();
      path = text;
    }
    return text;
  }

  /** See {@link RequestHead#pathText}. */
  public CharSequence pathText() {
    var text = path;
    return plain || text == null ? pathBytes : text;
  }

  /** See {@link RequestHead#authority}. */
  public String authority() {
    var text = authority;
    if (text == null) {
      text = authorityBytes.toString();
      authority = text;
    }
    return text;
  }

  /** The authority as bytes. */
  public ByteText authorityText() {
    return authorityBytes;
  }

  /** See {@link RequestHead#host}. */
  public String host() {
    var text = host;
    if (text == null) {
      text = hostText.toString();
      host = text;
    }
    return text;
  }

  /** See {@link RequestHead#hostText}. */
  public HostText hostText() {
    return hostText;
  }
}
