package dev.weir.e2e.backend;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/**
 * How a backend speaks TLS.
 *
 * @param context with its certificate and whom it trusts
 * @param asks whether a client must show a certificate
 * @param versions only these; empty for all
 * @param ciphers only these; empty for all
 */
public record Security(
    SSLContext context, boolean asks, List<String> versions, List<String> ciphers) {

  /** TLS on an accepted connection, before the handshake. */
  SSLSocket on(Socket wire) throws IOException {
    var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(wire, wire.getInetAddress().getHostAddress(), wire.getPort(), true);
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(asks);
    if (!versions.isEmpty()) {
      socket.setEnabledProtocols(versions.toArray(String[]::new));
    }
    if (!ciphers.isEmpty()) {
      socket.setEnabledCipherSuites(ciphers.toArray(String[]::new));
    }
    return socket;
  }

  /** {@code TLSv1.3 TLS_AES_128_GCM_SHA256 sni=a.test client=CN=proxy}. */
  static String text(SSLSocket socket) {
    var session = (ExtendedSSLSession) socket.getSession();
    var names = session.getRequestedServerNames();
    return session.getProtocol()
        + " "
        + session.getCipherSuite()
        + " sni="
        + (names.isEmpty()
            ? "none"
            : new String(names.getFirst().getEncoded(), StandardCharsets.US_ASCII))
        + " client="
        + client(session);
  }

  private static String client(ExtendedSSLSession session) {
    try {
      return session.getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "none";
    }
  }
}
