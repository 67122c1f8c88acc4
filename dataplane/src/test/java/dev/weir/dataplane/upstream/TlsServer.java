package dev.weir.dataplane.upstream;

import dev.weir.testsupport.Authority;
import dev.weir.testsupport.Identity;
import dev.weir.tls.InvalidCertificateException;
import dev.weir.tls.ServerCertificate;
import dev.weir.tls.TrustedCertificates;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a backend.
 *
 * @param asks whether clients are asked for a certificate, and whether they must have one
 * @param versions empty for all
 */
public record TlsServer(SSLContext context, Asks asks, List<String> versions) {
  /** Whether clients are asked. */
  public enum Asks {
    NOBODY,
    WHO_LIKES,
    EVERYBODY
  }

  /** Signs what backends show. */
  public static final Authority SERVICES = Authority.root("services");

  /** Signs what clients show. */
  public static final Authority CLIENTS = Authority.root("clients");

  private static final Identity WEB = SERVICES.issue("web.test");

  /** One for {@code web.test}. */
  public static TlsServer web(Asks asks, String... versions) {
    return new TlsServer(
        WEB.serverContext(asks == Asks.NOBODY ? null : CLIENTS), asks, List.of(versions));
  }

  /** What a client of that name shows. */
  public static ServerCertificate client(String name) {
    var identity = CLIENTS.issue(name);
    try {
      return ServerCertificate.ofPem(
          identity.certificatePem().getBytes(StandardCharsets.US_ASCII),
          identity.keyPem().getBytes(StandardCharsets.US_ASCII));
    } catch (InvalidCertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Who signs what backends show. */
  public static TrustedCertificates services() {
    try {
      return TrustedCertificates.ofPem(SERVICES.pem().getBytes(StandardCharsets.US_ASCII));
    } catch (InvalidCertificateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** TLS on an accepted connection, before the handshake. */
  public SSLSocket on(Socket wire) throws IOException {
    return on(wire, null);
  }

  /**
   * TLS on an accepted connection.
   *
   * @param consumed what was read of it already
   */
  public SSLSocket on(Socket wire, @Nullable InputStream consumed) throws IOException {
    var factory = context.getSocketFactory();
    var socket =
        (SSLSocket)
            (consumed == null
                ? factory.createSocket(wire, "127.0.0.1", wire.getPort(), true)
                : factory.createSocket(wire, consumed, true));
    socket.setUseClientMode(false);
    switch (asks) {
      case NOBODY -> {}
      case WHO_LIKES -> socket.setWantClientAuth(true);
      case EVERYBODY -> socket.setNeedClientAuth(true);
    }
    if (!versions.isEmpty()) {
      socket.setEnabledProtocols(versions.toArray(String[]::new));
    }
    return socket;
  }

  /** The name in a client's certificate; empty if it showed none. */
  public static String client(SSLSocket socket) {
    try {
      return socket.getSession().getPeerPrincipal().getName().replace("CN=", "");
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }
}
