package dev.weir.e2e.bench;

import dev.weir.e2e.apiserver.FakeApiServer;
import dev.weir.e2e.harness.KeyPairPem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * How long the admission webhook takes in a large cluster. Started by {@code e2e/bench/admission}.
 */
public final class AdmissionBenchmark {
  private static final Pattern WEBHOOK = Pattern.compile("listening webhook \\S*:(\\d+)");
  private static final String CACHE = "weir.aot";
  private static final int STARTS = 3;
  private static final int WARM = 100;
  private static final int CALLS = 1_000;

  private final Path home;
  private final Path work;
  private final int ingresses;
  private final List<String> arguments;
  private final Report report = new Report("admission");

  private AdmissionBenchmark(Path home, Path work, int ingresses, FakeApiServer api)
      throws IOException {
    this.home = home;
    this.work = work;
    this.ingresses = ingresses;
    var kubeconfig = Files.writeString(work.resolve("kubeconfig"), api.kubeconfig());
    var pair = KeyPairPem.of("localhost");
    var certificate = Files.writeString(work.resolve("cert"), pair.certificate());
    var key = Files.writeString(work.resolve("key"), pair.key());
    this.arguments =
        List.of(
            "run",
            "--kubeconfig=" + kubeconfig,
            "--configmap=bench/weir",
            "--update-status=false",
            "--http-port=0",
            "--https-port=0",
            "--healthz-port=0",
            "--validating-webhook=127.0.0.1:0",
            "--validating-webhook-certificate=" + certificate,
            "--validating-webhook-key=" + key);
  }

  /**
   * Measures and writes the report.
   *
   * @param args the program's folder, the file to write, the number of Ingresses
   */
  public static void main(String[] args) throws Exception {
    var work = Files.createTempDirectory("weir-admission");
    try (var api = FakeApiServer.started()) {
      int ingresses = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
      new ScaleCluster(api, List.of(new EchoBackend("127.0.0.1"))).fill(ingresses, ingresses / 10);
      var benchmark = new AdmissionBenchmark(Path.of(args[0]), work, ingresses, api);
      benchmark.run();
      benchmark.report.writeTo(Path.of(args[1]));
    }
    System.exit(0); // the backend's threads wait for requests that nobody sends
  }

  private void run() throws IOException, InterruptedException, GeneralSecurityException {
    report.line(
        String.format(
            Locale.ROOT,
            "%,d Ingresses, Services and EndpointSlices, %,d TLS Secrets. The client asks over one"
                + " TLS connection from CPU 1, Weir has CPU 0 and is started as the image starts"
                + " it, with an AOT cache from `demo --rehearse`; times are the client's.",
            ingresses,
            ingresses / 10));
    report.table("what", "measured", "aim");
    AotTraining.run(home, work.resolve(CACHE));
    var first = new Samples();
    for (int i = 0; i < STARTS; i++) {
      try (var proxy = start("first.log")) {
        proxy.awaitReady();
        first.add(millis(port("first.log"), 0));
      }
    }
    report.row(
        "first call, at once when ready, with its handshake, median of 3",
        "%.1f ms",
        first.median(),
        "<= 250 ms");
    report.row("first call, longest of 3", "%.1f ms", first.max(), "<= 250 ms");
    try (var proxy = start("calls.log")) {
      proxy.awaitReady();
      try (var client = client(port("calls.log"))) {
        calls("create, a new host", client, i -> question("CREATE", "new" + i, "n" + i + ".test"));
        calls(
            "create, a path of another Ingress (refused)",
            client,
            i -> question("CREATE", "new" + i, ScaleCluster.host(i)));
        calls(
            "update of an Ingress with TLS",
            client,
            i -> question("UPDATE", "i" + i, ScaleCluster.host(i)));
      }
      report.row("live set at the end", "%.0f MB", proxy.liveMegabytes(), "");
    }
  }

  private Proxy start(String log) throws IOException {
    var flags = List.of("-XX:AOTCache=" + work.resolve(CACHE));
    return Proxy.start(Proxy.command(home, flags, arguments), work.resolve(log));
  }

  private int port(String log) throws IOException {
    var listening = WEBHOOK.matcher(Files.readString(work.resolve(log)));
    if (!listening.find()) {
      throw new IOException("no webhook in " + log);
    }
    return Integer.parseInt(listening.group(1));
  }

  private static double millis(int port, int i) throws IOException, GeneralSecurityException {
    long began = System.nanoTime();
    try (var client = client(port)) {
      ask(client, question("CREATE", "new" + i, "n" + i + ".test"));
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private void calls(String what, KeepAliveClient client, IntFunction<byte[]> question)
      throws IOException {
    var random = new Random(1);
    var millis = new Samples();
    for (int n = 0; n < WARM + CALLS; n++) {
      var bytes = question.apply(random.nextInt(ingresses / 10));
      long began = System.nanoTime();
      ask(client, bytes);
      if (n >= WARM) {
        millis.add((System.nanoTime() - began) / 1e6);
      }
    }
    report.row(what + ": p50 of 1,000 after 100", "%.2f ms", millis.median(), "");
    report.row(what + ": p99", "%.2f ms", millis.percentile(0.99), "<= 10 ms");
    report.row(what + ": longest", "%.2f ms", millis.max(), "");
  }

  private static void ask(KeepAliveClient client, byte[] question) throws IOException {
    int status = client.exchange(question);
    if (status != 200) {
      throw new IOException("the webhook answered " + status);
    }
  }

  private static byte[] question(String operation, String name, String host) {
    var ingress =
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"%s",\
        "namespace":"bench","creationTimestamp":"2026-01-02T00:00:00Z","annotations":{\
        "nginx.ingress.kubernetes.io/proxy-body-size":"8m",\
        "nginx.ingress.kubernetes.io/enable-cors":"true"}},"spec":{\
        "ingressClassName":"nginx","tls":[{"hosts":["%s"],"secretName":"c1"}],"rules":[\
        {"host":"%s","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":\
        {"name":"s1","port":{"number":80}}}}]}}]}}\
        """
            .formatted(name, host, host);
    var body =
        """
        {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u",\
        "resource":{"group":"networking.k8s.io","version":"v1","resource":"ingresses"},\
        "operation":"%s","object":%s,"oldObject":%s}}\
        """
            .formatted(operation, ingress, operation.equals("UPDATE") ? ingress : "null");
    return ("POST /networking/v1/ingresses HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static KeepAliveClient client(int port) throws IOException, GeneralSecurityException {
    var context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnybody()}, new SecureRandom());
    var plain = KeepAliveClient.connected(port);
    return new KeepAliveClient(
        context.getSocketFactory().createSocket(plain, "localhost", port, true));
  }

  /** The certificate is this benchmark's own. */
  private static final class TrustAnybody implements X509TrustManager {
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
