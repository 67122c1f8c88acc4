package dev.weir.controller.admission;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks our own webhook some questions as soon as it can answer: loading the classes of TLS, JSON
 * and translation takes longer than an API server's user should wait for the first answer.
 *
 * <p>Thread rule: any thread.
 */
final class WarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
  private static final int CONNECTIONS = 2;
  private static final int QUESTIONS = 5;
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final String QUESTION =
      """
      {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"UID",\
      "operation":"CREATE","resource":{"group":"networking.k8s.io","version":"v1",\
      "resource":"ingresses"},"object":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress",\
      "metadata":{"name":"weir-warm-up","namespace":"default","annotations":\
      {"kubernetes.io/ingress.class":"nginx"}},"spec":{"rules":[{"host":"warm-up.weir.invalid",\
      "http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":\
      "weir-warm-up","port":{"number":80}}}}]}}]}}}}\
      """;

  private final String uid = UUID.randomUUID().toString();

  /** Whether a question is one of ours, which nobody is to count. */
  boolean asked(String uidOfRequest) {
    return uid.equals(uidOfRequest);
  }

  /** Asks nothing yet, for TLS alone; what goes wrong is no matter. */
  void greet(InetSocketAddress server) {
    ask(server, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  }

  /** Asks; what goes wrong is no matter. */
  void ask(InetSocketAddress server) {
    ask(server, question(false).repeat(QUESTIONS - 1) + question(true));
  }

  private static void ask(InetSocketAddress server, String requests) {
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        connectAndAsk(server, requests.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException | GeneralSecurityException e) {
      LOG.debug("the admission webhook could not be warmed up", e);
    }
  }

  private static void connectAndAsk(InetSocketAddress server, byte[] requests)
      throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustOurselves()}, new SecureRandom());
    var address =
        server.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : server.getAddress();
    try (var socket = context.getSocketFactory().createSocket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(address, server.getPort()), TIMEOUT_MILLIS);
      var out = socket.getOutputStream();
      out.write(requests);
      out.flush();
      socket.getInputStream().readAllBytes();
    }
  }

  private String question(boolean last) {
    var body = QUESTION.replace("UID", uid);
    return "POST "
        + AdmissionServer.PATH
        + " HTTP/1.1\r\nHost: localhost\r\n"
        + (last ? "Connection: close\r\n" : "")
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** It is our own port of this machine, and nothing secret is said. */
  private static final class TrustOurselves implements X509TrustManager {
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
