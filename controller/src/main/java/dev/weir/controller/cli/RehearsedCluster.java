package dev.weir.controller.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weir.tls.SelfSignedCertificate;
import dev.weir.tls.ServerCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What an API server says of a small cluster, for a rehearsal: lists of made-up objects, and
 * watches on which nothing happens. It speaks TLS, as they do; its certificate and key may be shown
 * by others of this machine.
 *
 * <p>Thread rule: may be used by any thread.
 */
final class RehearsedCluster implements AutoCloseable {
  private static final int HOSTS = 400;
  private static final int SECRETS = 20;

  private static final String NAME = "localhost";

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch over = new CountDownLatch(1);
  private final ServerCertificate certificate;
  private final Map<String, String> answers;

  private RehearsedCluster(
      HttpsServer server, ServerCertificate certificate, Map<String, String> answers) {
    this.server = server;
    this.certificate = certificate;
    this.answers = answers;
    server.setExecutor(threads);
    server.createContext("/", this::answer);
  }

  /** Listens on a free port of this machine. */
  static RehearsedCluster start() throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var certificate = SelfSignedCertificate.forHost(NAME, Clock.systemUTC());
    var server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(showing(certificate)));
    var cluster = new RehearsedCluster(server, certificate, answers());
    cluster.server.start();
    return cluster;
  }

  private static SSLContext showing(ServerCertificate certificate) throws IOException {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      var chain = certificate.chain().toArray(X509Certificate[]::new);
      store.setKeyEntry(NAME, certificate.key(), new char[0], chain);
      var keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, new char[0]);
      var context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** For {@code --apiserver-host}. */
  String url() {
    return "https://" + NAME + ":" + server.getAddress().getPort();
  }

  /** The certificate, for {@code --certificate-authority} and others, as PEM. */
  String certificate() {
    return certificatePem(certificate);
  }

  /** Its key as PEM. */
  String key() {
    return pem("PRIVATE KEY", certificate.key().getEncoded());
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
    return "{%s,\"type\":\"kubernetes.io/tls\",\"data\":{\"tls.crt\":\"%s\",\"tls.key\":\"%s\"}}"
        .formatted(
            metadata("c" + i),
            data(certificatePem(certificate)),
            data(pem("PRIVATE KEY", certificate.key().getEncoded())));
  }

  private static String data(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String certificatePem(ServerCertificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.chain().getFirst().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
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
