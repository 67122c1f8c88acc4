package dev.weir.e2e.space;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The container of a pod that the API server has, as a kubelet would have it started: the image's
 * folders in a mount namespace, its entrypoint with the pod's arguments and environment, the pod's
 * user, capabilities, sysctls and read-only root. Network and machine are this namespace's.
 *
 * <p>What stands in: the image is put together by {@code container/start} as the Dockerfile does,
 * with this JDK as its runtime; seccomp isn't applied; the capability that the image's java carries
 * in its file comes as an ambient one.
 */
final class Container {
  private static final Path PORT_START = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

  private final RealApiServer api;
  private final String namespace;
  private final JsonNode pod;
  private final JsonNode container;
  private final Path account;
  private final Path certificates;

  private Container(RealApiServer api, String namespace, JsonNode pod) throws IOException {
    this.api = api;
    this.namespace = namespace;
    this.pod = pod;
    this.container = pod.path("containers").path(0);
    this.account = folder();
    this.certificates = folder();
  }

  /** The container of a workload, such as {@code deployment/weir}. */
  static Container of(RealApiServer api, String namespace, String workload) throws IOException {
    var object = api.json("get", workload, "-n", namespace);
    return new Container(api, namespace, object.at("/spec/template/spec"));
  }

  private static Path folder() throws IOException {
    var folder = Files.createTempDirectory("weir-container-");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    return folder;
  }

  /** Its probes' paths and ports, as {@code 10254/healthz}. */
  List<String> probes() {
    var probes = new ArrayList<String>();
    for (var name : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      var get = container.path(name).path("httpGet");
      if (!get.isMissingNode()) {
        probes.add(port(get.path("port")) + get.path("path").asText());
      }
    }
    return probes;
  }

  private int port(JsonNode nameOrNumber) {
    for (var port : container.path("ports")) {
      if (port.path("name").asText().equals(nameOrNumber.asText())) {
        return port.path("containerPort").asInt();
      }
    }
    return nameOrNumber.asInt();
  }

  /** Brings a file of a Secret's volume, as the kubelet does. */
  void bring(String file, String text) throws IOException {
    var next = Files.writeString(certificates.resolve("." + file), text);
    Files.move(next, certificates.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Starts it, with further arguments; not waited for. */
  WeirProcess start(String... further) throws IOException {
    bringAccount();
    Files.writeString(PORT_START, sysctl("net.ipv4.ip_unprivileged_port_start", "1024"));
    var environment = environment();
    var command = new ArrayList<>(List.of("env", "-i"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(
        List.of(
            "PATH=" + System.getenv("PATH"),
            "unshare",
            "--mount",
            "sh",
            script().toString(),
            WeirProcess.home().toString(),
            System.getProperty("java.home"),
            account.toString(),
            certificates.toString(),
            container.at("/securityContext/readOnlyRootFilesystem").asBoolean() ? "ro" : "rw"));
    command.addAll(confinement());
    command.addAll(Shipped.entrypoint());
    for (var argument : container.path("args")) {
      command.add(expanded(argument.asText(), environment));
    }
    command.addAll(List.of(further));
    return WeirProcess.launchCommand(command, WeirProcess.Environment.NO_CLUSTER);
  }

  private static Path script() throws IOException {
    var file = Files.createTempFile("weir-container-", ".sh");
    file.toFile().deleteOnExit();
    try (var script = Container.class.getResourceAsStream("/container/start")) {
      if (script == null) {
        throw new IOException("no script container/start");
      }
      Files.write(file, script.readAllBytes());
    }
    return file;
  }

  private void bringAccount() throws IOException {
    var token = api.token(namespace, pod.path("serviceAccountName").asText());
    Files.writeString(account.resolve("token"), token);
    Files.writeString(account.resolve("ca.crt"), api.authority());
  }

  private String sysctl(String name, String otherwise) {
    for (var sysctl : pod.at("/securityContext/sysctls")) {
      if (sysctl.path("name").asText().equals(name)) {
        return sysctl.path("value").asText();
      }
    }
    return otherwise;
  }

  private Map<String, String> environment() {
    var environment = new LinkedHashMap<String, String>();
    environment.put("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    environment.put("KUBERNETES_SERVICE_PORT", Integer.toString(api.port()));
    for (var variable : container.path("env")) {
      var field = variable.at("/valueFrom/fieldRef/fieldPath").asText();
      environment.put(
          variable.path("name").asText(),
          switch (field) {
            case "metadata.name" -> "weir-0";
            case "metadata.namespace" -> namespace;
            default -> variable.path("value").asText();
          });
    }
    return environment;
  }

  private static String expanded(String text, Map<String, String> environment) {
    var expanded = text;
    for (var variable : environment.entrySet()) {
      expanded = expanded.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return expanded;
  }

  /** The words of setpriv. */
  private List<String> confinement() {
    var own = container.path("securityContext");
    var added = new ArrayList<String>();
    for (var capability : own.at("/capabilities/add")) {
      added.add("+" + capability.asText().toLowerCase(Locale.ROOT));
    }
    var capabilities = String.join(",", added);
    var words =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid=" + setting("runAsUser"),
                "--regid=" + setting("runAsGroup"),
                "--clear-groups",
                "--bounding-set=-all" + (added.isEmpty() ? "" : "," + capabilities)));
    if (own.path("allowPrivilegeEscalation").asBoolean(true)) {
      words.add("--inh-caps=-all," + capabilities);
      words.add("--ambient-caps=-all," + capabilities);
    } else {
      words.add("--inh-caps=-all");
      words.add("--no-new-privs");
    }
    return words;
  }

  private String setting(String name) {
    var own = container.path("securityContext").path(name);
    return (own.isMissingNode() ? pod.path("securityContext").path(name) : own).asText();
  }
}
