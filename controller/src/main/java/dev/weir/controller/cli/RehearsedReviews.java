package dev.weir.controller.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/** Questions to our own admission webhook as an API server asks them, for a rehearsal. */
final class RehearsedReviews {
  private static final int CONNECTIONS = 5;
  private static final int QUESTIONS = 20;

  private RehearsedReviews() {}

  /**
   * Asks them.
   *
   * @param webhook of the served cluster
   * @return how many were answered 200
   */
  static int ask(InetSocketAddress webhook) throws IOException, StartException {
    int answered = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      answered += ask(webhook, i);
    }
    return answered;
  }

  private static int ask(InetSocketAddress webhook, int connection)
      throws IOException, StartException {
    try (var socket = Rehearsal.trusting("localhost")) {
      socket.connect(webhook);
      var requests = new StringBuilder();
      for (int i = 1; i <= QUESTIONS; i++) {
        requests.append(request(connection * QUESTIONS + i, i == QUESTIONS));
      }
      socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
      var replies = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return replies.split("HTTP/1\\.1 200", -1).length - 1;
    } catch (GeneralSecurityException e) {
      throw new StartException("the rehearsal of the webhook failed: " + e.getMessage());
    }
  }

  private static String request(int number, boolean last) {
    // New hosts, and paths that others have.
    var host = (number % 2 == 0 ? "new" : "h") + number + ".test";
    var body =
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u%d",\
        "operation":"CREATE","resource":{"group":"networking.k8s.io","version":"v1",\
        "resource":"ingresses"},"object":{"apiVersion":"networking.k8s.io/v1","kind":"Ingress",\
        "metadata":{"name":"new","namespace":"default","annotations":{\
        "nginx.ingress.kubernetes.io/proxy-body-size":"8m",\
        "nginx.ingress.kubernetes.io/enable-cors":"true"}},"spec":{"ingressClassName":"nginx",\
        "tls":[{"hosts":["%s"],"secretName":"c1"}],"rules":[{"host":"%s","http":{"paths":[{\
        "path":"/","pathType":"Prefix","backend":{"service":{"name":"s1","port":{"number":80}}}\
        }]}}]}},"oldObject":null}}\
        """
            .formatted(number, host, host);
    return "POST /networking/v1/ingresses HTTP/1.1\r\nHost: localhost\r\n"
        + (last ? "Connection: close\r\n" : "")
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
