package dev.weir.controller.admission;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks a webhook over TLS, whoever it says it is. */
public final class Questioner implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().sslContext(trusting()).version(HttpClient.Version.HTTP_1_1).build();
  private final InetSocketAddress server;

  public Questioner(InetSocketAddress server) {
    this.server = server;
  }

  public HttpResponse<String> ask(String body) throws IOException, InterruptedException {
    return send("POST", AdmissionServer.PATH, body);
  }

  /** The same without Content-Length. */
  HttpResponse<String> askChunked(String body) throws IOException, InterruptedException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return client.send(
        request(
            "POST",
            AdmissionServer.PATH,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes))),
        BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> askLater(String body) {
    return client.sendAsync(
        request("POST", AdmissionServer.PATH, BodyPublishers.ofString(body)),
        BodyHandlers.ofString());
  }

  HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        request(method, path, BodyPublishers.ofString(body)), BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.getPort() + path))
        .method(method, body)
        .build();
  }

  /** The DNS names in the certificate that a new handshake is shown; none if it fails. */
  static List<String> names(InetSocketAddress server) {
    try (var socket = trusting().getSocketFactory().createSocket()) {
      socket.connect(server);
      var session = ((SSLSocket) socket).getSession();
      var leaf = (X509Certificate) session.getPeerCertificates()[0];
      return leaf.getSubjectAlternativeNames().stream()
          .map(name -> String.valueOf(name.get(1)))
          .toList();
    } catch (IOException | GeneralSecurityException e) {
      return List.of();
    }
  }

  private static SSLContext trusting() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAnybody()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  /** Certificates of these tests are for no address. */
  private static final class TrustAnybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
