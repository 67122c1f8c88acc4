package dev.weir.e2e.space;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weir.e2e.harness.Commands;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** etcd and kube-apiserver, and kubectl as their administrator. */
final class RealApiServer implements AutoCloseable {
  private static final Pattern SERVER = Pattern.compile("https://[^:]+:(\\d+)");

  private static final String AUTHORITY_DATA =
      "jsonpath={.clusters[0].cluster.certificate-authority-data}";
  private static final String AUTHORITY_FILE =
      "jsonpath={.clusters[0].cluster.certificate-authority}";

  private static final String AUDIT =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - {level: Metadata, userGroups: ["system:serviceaccounts"]}
      - {level: None}
      """;

  private final KubeAPIServer server;
  private final Path kubectl;
  private final Path kubeconfig;
  private final Path audit;
  private final int port;
  private final List<Process> more = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param advertised an address of this namespace that isn't a loopback one
   */
  RealApiServer(String advertised) throws IOException {
    kubectl = Peers.apiServerBinaries().orElseThrow().resolve("kubectl");
    var policy = temporary();
    Files.writeString(policy, AUDIT);
    audit = temporary();
    server =
        new KubeAPIServer(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withApiServerFlag("--bind-address", "127.0.0.1")
                .withApiServerFlag("--advertise-address", advertised)
                .withApiServerFlag("--audit-policy-file", policy.toString())
                .withApiServerFlag("--audit-log-path", audit.toString())
                .build());
    server.start();
    kubeconfig = temporary();
    Files.writeString(kubeconfig, server.getKubeConfigYaml());
    var match = SERVER.matcher(server.getKubeConfigYaml());
    if (!match.find()) {
      throw new IOException("no server in its kubeconfig");
    }
    port = Integer.parseInt(match.group(1));
  }

  private static Path temporary() throws IOException {
    var file = Files.createTempFile("weir-e2e-", ".kubeconfig");
    file.toFile().deleteOnExit();
    return file;
  }

  int port() {
    return port;
  }

  /** The administrator's kubeconfig file. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** Runs kubectl as administrator. */
  String kubectl(String... arguments) {
    return kubectlWith("", arguments);
  }

  /** The same with text for its standard input. */
  String kubectlWith(String input, String... arguments) {
    var command =
        new ArrayList<>(List.of(kubectl.toString(), "--kubeconfig", kubeconfig.toString()));
    command.addAll(List.of(arguments));
    return Commands.run(command, input);
  }

  /** Creates or changes objects. */
  void apply(String manifests) {
    kubectlWith(manifests, "apply", "-f", "-");
  }

  /** The same, and what it printed as JSON. */
  JsonNode json(String... arguments) {
    var command = new ArrayList<>(List.of(arguments));
    command.addAll(List.of("-o", "json"));
    try {
      return new ObjectMapper().readTree(kubectl(command.toArray(String[]::new)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a script as administrator, for which {@code kubectl} is that one. */
  String script(Path script, String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                "env",
                "KUBECONFIG=" + kubeconfig,
                "PATH=" + kubectl.getParent() + ":" + System.getenv("PATH"),
                script.toString()));
    command.addAll(List.of(arguments));
    return Commands.run(command, "");
  }

  /** Applies objects on the server's side, every field checked; returns what kubectl printed. */
  String applyOnServer(String manifests) {
    return kubectlWith(
        manifests, "apply", "--server-side", "--force-conflicts", "--validate=strict", "-f", "-");
  }

  /** A token of a ServiceAccount. */
  String token(String namespace, String account) {
    return kubectl("create", "token", account, "-n", namespace).strip();
  }

  /** The certificate that clients trust. */
  String authority() {
    var data = kubectl("config", "view", "--raw", "-o", AUTHORITY_DATA).strip();
    try {
      return data.isEmpty()
          ? Files.readString(Path.of(kubectl("config", "view", "-o", AUTHORITY_FILE).strip()))
          : new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A kubeconfig file of a ServiceAccount, which leads to a port of 127.0.0.1. */
  Path kubeconfigOf(String namespace, String account, int viaPort) throws IOException {
    var token = token(namespace, account);
    var file = temporary();
    var text =
        SERVER.matcher(server.getKubeConfigYaml()).replaceAll("https://127.0.0.1:" + viaPort);
    Files.writeString(file, text);
    var path = file.toString();
    kubectl("config", "--kubeconfig", path, "set-credentials", "account", "--token=" + token);
    kubectl("config", "--kubeconfig", path, "set-context", "--current", "--user=account");
    return file;
  }

  /** What ServiceAccounts asked for so far, an entry of the audit log a line. */
  List<String> requestsOfAccounts() throws IOException {
    return Files.readAllLines(audit);
  }

  /** Starts a second kube-apiserver on the same data, and returns its port. */
  int startAnother() throws IOException {
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    var command = new ArrayList<>(commandOfTheFirst());
    command.set(command.indexOf("--secure-port") + 1, Integer.toString(free));
    more.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
    Awaitility.await("the second server")
        .atMost(Duration.ofSeconds(60))
        .ignoreException(AssertionError.class)
        .until(
            () ->
                kubectl("get", "--raw", "/readyz", "--server", "https://127.0.0.1:" + free)
                    .equals("ok"));
    return free;
  }

  private static List<String> commandOfTheFirst() throws IOException {
    for (var child : ProcessHandle.current().children().toList()) {
      var command = Path.of("/proc", Long.toString(child.pid()), "cmdline");
      var words = List.of(Files.readString(command, StandardCharsets.UTF_8).split("\0"));
      if (words.getFirst().endsWith("kube-apiserver")) {
        return words;
      }
    }
    throw new IOException("no kube-apiserver among the processes started here");
  }

  @Override
  public void close() {
    more.forEach(Process::destroyForcibly);
    server.stop();
  }
}
