package dev.weir.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;

/**
 * What a handshake came to.
 *
 * @param protocol {@code TLSv1.3}
 * @param cipher IANA name of the suite
 * @param resumed whether a session was resumed; always false by the JDK's TLS, which doesn't tell
 * @param serverName as sent by the client; empty if it sent none, or one with anything but letters,
 *     digits, dots, hyphens and underscores in ASCII, which no host has and no field could carry
 * @param sessionId lower-case hex; empty if there is none
 * @param alpn protocol agreed on; empty if none
 */
public record HandshakeFacts(
    String protocol,
    String cipher,
    boolean resumed,
    String serverName,
    String sessionId,
    String alpn) {

  /** Of a handshake that is over; on the connection's event loop. */
  public static HandshakeFacts of(SslHandler handler) {
    var engine = handler.engine();
    var session = engine.getSession();
    var alpn = handler.applicationProtocol();
    return new HandshakeFacts(
        session.getProtocol(),
        session.getCipherSuite(),
        resumed(engine),
        plain(serverName(engine)),
        HexFormat.of().formatHex(session.getId()),
        alpn == null ? "" : alpn);
  }

  private static boolean resumed(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine boring) {
      long ssl = boring.sslPointer();
      return ssl != 0 && SSL.isSessionReused(ssl);
    }
    return false;
  }

  private static String plain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean host =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '-'
              || c == '_';
      if (!host) {
        return "";
      }
    }
    return name;
  }

  private static String serverName(SSLEngine engine) {
    if (engine instanceof ReferenceCountedOpenSslEngine boring) {
      long ssl = boring.sslPointer();
      var name = ssl == 0 ? null : SSL.getSniHostname(ssl);
      return name == null ? "" : name;
    }
    if (engine.getSession() instanceof ExtendedSSLSession session) {
      for (var name : session.getRequestedServerNames()) {
        if (name.getType() == StandardConstants.SNI_HOST_NAME) {
          return new String(name.getEncoded(), StandardCharsets.UTF_8);
        }
      }
    }
    return "";
  }
}
