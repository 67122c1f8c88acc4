package dev.weir.controller.admin;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.weir.controller.loop.Snapshot;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.RoutingTableText;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.tls.ServerCertificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The commands of ingress-nginx's {@code /dbg}, in whose output the kubectl plugin looks for what
 * it shows (integrations.md 2.2): JSON for backends, PEM with the private key for certificates, and
 * the routing table in the place of nginx.conf, each host between the marks that the plugin knows.
 *
 * <p>May be used by any thread.
 */
public final class DebugCommands {
  private static final int WAIT_SECONDS = 10;
  private static final String CATCH_ALL = "_";
  private static final String USAGE =
      "expected: backends all | backends list | backends get NAME | certs get HOST | general |"
          + " conf [HOST]\n";

  private final Supplier<CompletableFuture<Snapshot>> snapshot;

  /**
   * An answer.
   *
   * @param understood whether there is such a command
   */
  record Answer(boolean understood, String text) {}

  /**
   * @param snapshot the table that serves, as soon as it can be had
   */
  public DebugCommands(Supplier<CompletableFuture<Snapshot>> snapshot) {
    this.snapshot = snapshot;
  }

  /** Answers a command. */
  Answer answer(List<String> words) {
    try {
      return switch (String.join(" ", words.subList(0, Math.min(2, words.size())))) {
        case "backends all" -> understood(BackendsJson.all(table()));
        case "backends list" -> understood(BackendsJson.names(table()));
        case "backends get" ->
            words.size() == 3 ? understood(BackendsJson.one(table(), words.get(2))) : usage();
        case "certs get" ->
            words.size() == 3 ? understood(certificate(table(), words.get(2))) : usage();
        // Each replica counts for itself, so for others this is the only one.
        case "general" -> understood("{\n  \"controllerPodsCount\": 1\n}\n");
        case "conf" -> understood(routes(table()));
        default ->
            words.getFirst().equals("conf") && words.size() == 2 ? host(words.get(1)) : usage();
      };
    } catch (ExecutionException | TimeoutException e) {
      return new Answer(false, "the controller is busy compiling, try again\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(false, "ending\n");
    }
  }

  private static Answer understood(String text) {
    return new Answer(true, text);
  }

  private static Answer usage() {
    return new Answer(false, USAGE);
  }

  private RoutingTable table() throws InterruptedException, ExecutionException, TimeoutException {
    return snapshot.get().get(WAIT_SECONDS, SECONDS).table();
  }

  private static String name(HostPattern pattern) {
    return pattern instanceof HostPattern.Any ? CATCH_ALL : pattern.text();
  }

  private static String routes(RoutingTable table) {
    var text = new StringBuilder();
    for (var host : table.hosts().values()) {
      var name = name(host.pattern());
      text.append("## start server ").append(name).append('\n');
      text.append(RoutingTableText.of(host));
      text.append("## end server ").append(name).append("\n\n");
    }
    table.upstreams().values().forEach(upstream -> text.append(RoutingTableText.of(upstream)));
    return text.toString();
  }

  private Answer host(String wanted)
      throws InterruptedException, ExecutionException, TimeoutException {
    Optional<VirtualHost> found =
        table().hosts().values().stream()
            .filter(host -> name(host.pattern()).equals(wanted))
            .findFirst();
    return found
        .map(host -> understood(RoutingTableText.of(host)))
        .orElseGet(() -> new Answer(false, "no rule names the host " + wanted + "\n"));
  }

  private static String certificate(RoutingTable table, String host) {
    var pattern = HostPattern.of(host);
    var certificate = table.certificates().get(pattern);
    int dot = host.indexOf('.');
    if (certificate == null && dot > 0) {
      certificate = table.certificates().get(HostPattern.of("*" + host.substring(dot)));
    }
    return certificate == null ? "No cert found for host " + host + "\n" : pem(certificate);
  }

  private static String pem(ServerCertificate certificate) {
    var text = new StringBuilder();
    try {
      for (var each : certificate.chain()) {
        pem(text, "CERTIFICATE", each.getEncoded());
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that is served can't be written", e);
    }
    pem(text, "PRIVATE KEY", certificate.key().getEncoded());
    return text.toString();
  }

  private static void pem(StringBuilder text, String what, byte[] der) {
    var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    text.append("-----BEGIN ").append(what).append("-----\n").append(lines);
    text.append("\n-----END ").append(what).append("-----\n");
  }
}
