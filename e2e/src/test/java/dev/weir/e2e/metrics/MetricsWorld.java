package dev.weir.e2e.metrics;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A cluster in which everything happens that metrics tell of, and the program that serves it as the
 * pod {@code ingress/weir-0}: Ingresses with and without Services and endpoints, certificates, an
 * endpoint that can't be reached, failing backends, TLS on both sides, questions to the webhook.
 */
public final class MetricsWorld implements AutoCloseable {
  private static final String UNREACHABLE = "127.77.77.77";

  private final Cluster cluster = new Cluster();
  private final Path folder;
  private final Backend shop = Backend.echo("shop");
  private final Backend broken =
      Backend.scripted(
          "broken", Script.saying("HTTP/1.1 500 Oh\r\nContent-Length: 4\r\n\r\nsad\n"));
  private final Backend missing =
      Backend.scripted(
          "missing", Script.saying("HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno\n"));
  private final WeirProcess weir;

  /** Starts it all; nothing was asked yet. */
  public MetricsWorld() throws IOException {
    folder = Files.createTempDirectory("weir-metrics-");
    var pair = KeyPairPem.of("localhost");
    var certificate = Files.writeString(folder.resolve("cert"), pair.certificate());
    var key = Files.writeString(folder.resolve("key"), pair.key());
    cluster.api().apply(objects());
    weir =
        cluster.replica(
            "weir-0",
            "--enable-metrics",
            "--publish-status-address=192.0.2.7",
            "--validating-webhook=127.0.0.1:0",
            "--validating-webhook-certificate=" + certificate,
            "--validating-webhook-key=" + key);
  }

  private String objects() {
    return Objects.service(shop)
        + Objects.service(broken)
        + Objects.service(missing)
        + Objects.service("flaky", List.of(UNREACHABLE, shop.address()), shop.port())
        + Objects.service("nobody", List.of(), 8080)
        + Objects.secret("cert", KeyPairPem.of("shop.test"))
        + Ingress.named("shop")
            .setting("ssl-redirect", "false")
            .tls("cert", "shop.test")
            .host("shop.test")
            .prefix("/", "shop")
            .prefix("/broken", "broken")
            .prefix("/missing", "missing")
            .yaml()
        + Objects.ingress("flaky", "flaky.test", "flaky")
        + Objects.ingress("no-endpoint", "nobody.test", "nobody")
        + Objects.ingress("no-service", "lost.test", "lost");
  }

  public WeirProcess weir() {
    return weir;
  }

  public Cluster cluster() {
    return cluster;
  }

  /** One of everything. */
  public void play() throws IOException {
    // Speaks TLS to an endpoint: its own port.
    cluster
        .api()
        .apply(
            Objects.service("self", List.of("127.0.0.1"), weir.https().getPort())
                + Ingress.named("self")
                    .setting("backend-protocol", "HTTPS")
                    .setting("upstream-vhost", "shop.test")
                    .host("self.test")
                    .prefix("/", "self")
                    .yaml());
    weir.awaitBackend("self.test", "/", "shop");
    traffic();
    ask("welcome", "welcome.test");
    ask("intruder", "shop.test");
    // Its Lease and the first status.
    WeirProcess.eventually(
        "the leader",
        () -> weir.admin("/metrics").text(),
        text -> text.contains("name=\"ingress-controller-leader\"} 1"));
  }

  /** Some requests of each kind. */
  public void traffic() {
    for (int i = 0; i < 4; i++) {
      Map.of(
              "/", 200,
              "/broken", 500,
              "/missing", 404)
          .forEach((path, status) -> expect("shop.test", path, status));
      expect("flaky.test", "/", 200);
      expect("nobody.test", "/", 503);
      expect("lost.test", "/", 503);
      expect("undefined.test", "/", 404);
    }
    if (weir.getTls("shop.test", "/").status() != 200) {
      throw new AssertionError("shop.test is not served by TLS");
    }
  }

  private void expect(String host, String path, int status) {
    var reply = weir.get(host, path);
    if (reply.status() != status) {
      throw new AssertionError(host + path + " (expected: " + status + "): " + reply);
    }
  }

  /** Asks the webhook about a new Ingress. */
  private void ask(String name, String host) throws IOException {
    var ingress =
        """
        {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "%s",
        "namespace": "default"}, "spec": {"ingressClassName": "nginx", "rules": [{"host": "%s",
        "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"service":
        {"name": "shop", "port": {"number": 80}}}}]}}]}}
        """
            .formatted(name, host);
    var body =
        """
        {"kind": "AdmissionReview", "apiVersion": "admission.k8s.io/v1", "request": {"uid": "u",
        "resource": {"group": "networking.k8s.io", "version": "v1", "resource": "ingresses"},
        "operation": "CREATE", "object": %s, "oldObject": null}}
        """
            .formatted(ingress);
    try (var wire = Wire.tls(webhook(), "localhost")) {
      wire.send(
          "POST /networking/v1/ingresses HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
      var reply = wire.reply();
      if (reply.status() != 200) {
        throw new AssertionError("the webhook answered " + reply);
      }
    }
  }

  private InetSocketAddress webhook() {
    var line = weir.log().await("listening webhook ");
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(),
        Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)));
  }

  @Override
  public void close() {
    weir.close();
    cluster.close();
    List.of(shop, broken, missing).forEach(Backend::close);
    for (var file : List.of("cert", "key", "")) {
      try {
        Files.delete(folder.resolve(file));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
