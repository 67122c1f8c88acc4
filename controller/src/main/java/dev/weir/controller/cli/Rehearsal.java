package dev.weir.controller.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Sends a served table some requests of every kind, so that a run of the program has loaded and
 * compiled what serving needs: the build of the image records that ({@code demo --rehearse}).
 */
final class Rehearsal {
  private static final int ROUNDS = 50;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final InetSocketAddress http;
  private final InetSocketAddress https;

  Rehearsal(InetSocketAddress http, InetSocketAddress https) {
    this.http = http;
    this.https = https;
  }

  /**
   * Sends the requests; whatever their answers are.
   *
   * @param hosts names to ask for
   * @return the number of requests that were answered
   */
  int run(List<String> hosts) throws StartException {
    int answered = 0;
    try {
      for (int round = 0; round < ROUNDS; round++) {
        for (var host : hosts) {
          answered += exchange(new Socket(), http, host);
          answered += exchange(trusting(host), https, host);
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new StartException("the rehearsal failed: " + e.getMessage());
    }
    return answered;
  }

  private static int exchange(Socket unconnected, InetSocketAddress address, String host)
      throws IOException {
    try (var socket = unconnected) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(address, TIMEOUT_MILLIS);
      // Two requests a connection: the second one finds everything made.
      var first = "GET /?first HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: rehearsal\r\n\r\n";
      var last =
          "POST /last HTTP/1.1\r\nHost: "
              + host
              + "\r\nContent-Length: 5\r\n"
              + "Connection: close\r\n\r\nhello";
      socket.getOutputStream().write((first + last).getBytes(StandardCharsets.US_ASCII));
      return answers(socket.getInputStream());
    }
  }

  private static int answers(InputStream in) throws IOException {
    var text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    return text.split("HTTP/1\\.1 ", -1).length - 1;
  }

  /** A socket that speaks TLS, not connected yet, and takes any certificate. */
  static Socket trusting(String host) throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnything()}, new SecureRandom());
    var socket = (SSLSocket) context.getSocketFactory().createSocket();
    var parameters = new SSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    socket.setSSLParameters(parameters);
    return socket;
  }

  /** The certificates are the demo's own. */
  private static final class TrustAnything implements X509TrustManager {
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
