package dev.weir.dataplane.http;

/**
 * The head of a request, validated, read-only; the same for every protocol version. It stays valid
 * until the access log is written.
 */
public interface RequestHead {
  /** Length of a body that is not announced in bytes (chunked, or an HTTP/2 body). */
  long UNKNOWN_LENGTH = -1;

  HttpVersion version();

  /** The method token. */
  String method();

  /**
   * The target in origin form as received, not decoded, not normalised: path and query. Absolute
   * form is already reduced to it; {@code *} only for OPTIONS.
   */
  String target();

  /** The path that routes are matched on: {@link CanonicalPath}. */
  String path();

  /** The authority as received, with port if there was one; empty for HTTP/1.0 without Host. */
  String authority();

  /** The host that routes are matched on: lower-case, without port, without trailing dot. */
  String host();

  Fields fields();

  /** Body length in bytes, 0 for none, {@link #UNKNOWN_LENGTH}. */
  long bodyLength();

  /** Whether the client waits for {@code 100 Continue}. */
  boolean expectsContinue();

  /**
   * Value of {@code Upgrade} if the request asks to upgrade, else empty; {@code websocket} for a
   * WebSocket that HTTP/2 opens (RFC 8441).
   */
  String upgrade();

  /**
   * Whether a final reply or 101 fits the upgrade that was asked for, as far as we asked ourselves:
   * it agrees, or it declines in a way that the client can't take for agreement.
   */
  default boolean accepts(ReplyHead reply) {
    return true;
  }

  /** The {@link #host} for the router, without a String being made. */
  default HostText hostText() {
    return HostText.of(host());
  }

  /** The {@link #target}, without a String being made. Valid as long as the head. */
  default CharSequence targetText() {
    return target();
  }

  /** The {@link #authority}, without a String being made. Valid as long as the head. */
  default CharSequence authorityText() {
    return authority();
  }

  /** The request line as received, without its line end. Valid as long as the head. */
  default CharSequence lineText() {
    return method() + " " + target() + " " + version().text();
  }

  /** The {@link #path}, without a String being made. Valid as long as the head. */
  default CharSequence pathText() {
    return path();
  }

  /**
   * Whether the path was received in the form that it is matched in, without parameters ({@code
   * ;}).
   */
  default boolean pathIsPlain() {
    var target = target();
    var path = path();
    return target.startsWith(path)
        && (target.length() == path.length() || target.charAt(path.length()) == '?')
        && path.indexOf(';') < 0;
  }

  /** Collects changes of this head. Valid as long as the head. */
  default HeadEdits newEdits() {
    return new HeadEdits();
  }

  /**
   * Nobody looks at this head any more, nor at its edits: its memory may carry another one. Called
   * at most once, by its exchange at its very end; without a call the memory is garbage.
   */
  default void release() {}

  /** It is needed for longer than its exchange, by a copy of the request that is sent elsewhere. */
  default void keep() {}
}
