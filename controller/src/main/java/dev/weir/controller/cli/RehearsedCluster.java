package dev.weir.controller.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weir.tls.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What an API server says of a small cluster, for a rehearsal: lists of made-up objects, and
 * watches on which nothing happens.
 *
 * <p>Thread rule: may be used by any thread.
 */
final class RehearsedCluster implements AutoCloseable {
  private static final int HOSTS = 400;
  private static final int SECRETS = 20;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Map<String, String> answers;

  private RehearsedCluster(HttpServer server, Map<String, String> answers) {
    this.server = server;
    this.answers = answers;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  /** Listens on a free port of this machine. */
  static RehearsedCluster start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var cluster = new RehearsedCluster(HttpServer.create(address, 0), answers());
    cluster.server.start();
    return cluster;
  }

  /** For {@code --apiserver-host}. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static Map<String, String> answers() {
    var networking = "/apis/networking.k8s.io/v1";
    var discovery = "/apis/discovery.k8s.io/v1";
    return Map.of(
        networking,
        "{\"resources\":[{\"name\":\"ingresses\"},{\"name\":\"ingressclasses\"}]}",
        discovery,
        "{\"resources\":[{\"name\":\"endpointslices\"}]}",
        networking + "/ingresses",
        list(HOSTS, RehearsedCluster::ingress),
        networking + "/ingressclasses",
        list(
            1,
            _ ->
                """
                {"metadata":{"name":"nginx"},"spec":{"controller":"k8s.io/ingress-nginx"}}\
                """),
        discovery + "/endpointslices",
        list(HOSTS, RehearsedCluster::slice),
        "/api/v1/services",
        list(HOSTS, RehearsedCluster::service),
        "/api/v1/secrets",
        list(SECRETS, RehearsedCluster::secret),
        "/api/v1/configmaps",
        list(1, _ -> "{" + metadata("weir") + ",\"data\":{\"keep-alive\":\"75\"}}"),
        "/api/v1/namespaces",
        list(1, _ -> "{\"metadata\":{\"name\":\"default\"}}"));
  }

  private static String list(int count, IntFunction<String> item) {
    return "{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":["
        + IntStream.range(0, count).mapToObj(item).collect(Collectors.joining(","))
        + "]}";
  }

  private static String metadata(String name) {
    return """
    "metadata":{"name":"%s","namespace":"default","uid":"u-%s","resourceVersion":"1",\
    "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"rehearsal"}}\
    """
        .formatted(name, name);
  }

  private static String ingress(int i) {
    var tls = i < SECRETS ? "\"tls\":[{\"hosts\":[\"h%d.test\"],\"secretName\":\"c%d\"}]," : "";
    return """
    {%s,"spec":{"ingressClassName":"nginx",%s"rules":[{"host":"h%d.test","http":{"paths":[\
    {"path":"/","pathType":"Prefix","backend":{"service":{"name":"s%d","port":{"number":80}}}},\
    {"path":"/api","pathType":"Exact","backend":{"service":{"name":"s%d","port":{"name":"http"}}}}\
    ]}}]}}\
    """
        .formatted(metadata("i" + i), tls.formatted(i, i), i, i, i);
  }

  private static String service(int i) {
    return """
    {%s,"spec":{"clusterIP":"10.96.0.1","ports":[{"name":"http","port":80,"targetPort":8080}]}}\
    """
        .formatted(metadata("s" + i));
  }

  private static String slice(int i) {
    return """
    {"metadata":{"name":"s%d-x","namespace":"default","labels":{"kubernetes.io/service-name":"s%d"}\
    },"addressType":"IPv4","ports":[{"name":"http","port":8080}],"endpoints":[{"addresses":\
    ["10.0.0.1"],"conditions":{"ready":true}},{"addresses":["10.0.0.2"]}]}\
    """
        .formatted(i, i);
  }

  private static String secret(int i) {
    var certificate = SelfSignedCertificate.forHost("h" + i + ".test", Clock.systemUTC());
    try {
      return "{%s,\"type\":\"kubernetes.io/tls\",\"data\":{\"tls.crt\":\"%s\",\"tls.key\":\"%s\"}}"
          .formatted(
              metadata("c" + i),
              pem("CERTIFICATE", certificate.chain().getFirst().getEncoded()),
              pem("PRIVATE KEY", certificate.key().getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    var pem = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var uri = exchange.getRequestURI();
      var text = answers.get(uri.getPath());
      if (text == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (String.valueOf(uri.getQuery()).contains("watch=")) {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        over.await();
      } else {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
