package dev.weir.dataplane.http;

/**
 * What is known of a client's TLS; all empty without TLS and before the handshake is over.
 *
 * @param encrypted whether the connection is TLS at all
 * @param protocol {@code TLSv1.3}
 * @param cipher OpenSSL's name of the suite
 * @param reused {@code r} if a session was resumed, {@code .} if not
 * @param serverName as the client sent it
 * @param sessionId hexadecimal
 * @param alpn the protocol agreed on by ALPN
 */
public record TlsSession(
    boolean encrypted,
    String protocol,
    String cipher,
    String reused,
    String serverName,
    String sessionId,
    String alpn) {
  /** A connection without TLS. */
  public static final TlsSession NONE = new TlsSession(false, "", "", "", "", "", "");

  /** A connection whose handshake is not over. */
  public static final TlsSession PENDING = new TlsSession(true, "", "", "", "", "", "");
}
