package dev.weir.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The JDK's client. It remembers its sessions by server name, whatever the address. */
final class TlsClient {
  /** What the client saw. */
  record Shown(List<X509Certificate> chain, String protocol, String cipher, List<byte[]> staples) {}

  private final SSLContext context;

  TlsClient() throws GeneralSecurityException {
    context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
  }

  /** A handshake with one protocol version. */
  Shown shake(InetSocketAddress address, @Nullable String serverName, String protocol)
      throws IOException {
    return shake(
        address, serverName, parameters -> parameters.setProtocols(new String[] {protocol}));
  }

  /** A handshake, and the byte behind it. */
  Shown shake(
      InetSocketAddress address, @Nullable String serverName, Consumer<SSLParameters> setting)
      throws IOException {
    var plain = new Socket(address.getAddress(), address.getPort());
    try (var socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(plain, serverName == null ? "none.test" : serverName, 443, true)) {
      var parameters = socket.getSSLParameters();
      parameters.setServerNames(
          serverName == null ? List.of() : List.of(new SNIHostName(serverName)));
      setting.accept(parameters);
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      if (socket.getInputStream().read() != 'x') {
        throw new IOException("no byte after the handshake");
      }
      var session = (ExtendedSSLSession) socket.getSession();
      return new Shown(
          Arrays.stream(session.getPeerCertificates()).map(X509Certificate.class::cast).toList(),
          session.getProtocol(),
          session.getCipherSuite(),
          session.getStatusResponses());
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
