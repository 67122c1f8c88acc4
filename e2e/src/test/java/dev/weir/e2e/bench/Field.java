package dev.weir.e2e.bench;

import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All contenders, running on CPU 0 before one backend; all stay alive, the idle ones cost nothing.
 */
final class Field implements AutoCloseable {
  /**
   * A contender's process.
   *
   * @param http its port of 127.0.0.1
   * @param weir itself again, if it is the program
   */
  record Running(PinnedProcess process, int http, int https, @Nullable Proxy weir) {}

  private final EchoBackend backend = new EchoBackend("127.0.0.1");
  private final ManifestFolder manifests = ManifestFolder.withClass();
  private final EnumMap<Contender, Running> running = new EnumMap<>(Contender.class);
  private final Path home;
  private final Path bench;
  private final Path work;

  /**
   * Starts all.
   *
   * @param home the built program's folder
   * @param bench where the peers' configurations are
   * @param work an empty folder for what they write
   */
  Field(Path home, Path bench, Path work) throws IOException, InterruptedException {
    this.home = home;
    this.bench = bench;
    this.work = work;
    try {
      startAll();
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void startAll() throws IOException, InterruptedException {
    writePair("ec", KeyPairPem.of(Scenario.HOST));
    writePair("rsa", KeyPairPem.rsa(Scenario.RSA_HOST));
    Files.writeString(work.resolve("hosts.conf"), lines(Field::nginxServer));
    Files.writeString(work.resolve("hosts.map"), lines(i -> Scenario.host(i) + " out"));
    manifests.write("hosts.yaml", lines(i -> hostIngress(i)));
    manifests.write(
        "web.yaml",
        Objects.service("web", List.of("127.0.0.1"), backend.port())
            + Ingress.named("web")
                .host(Scenario.HOST)
                .prefix("/", "web")
                .tls("ec", Scenario.HOST)
                .host(Scenario.RSA_HOST)
                .prefix("/", "web")
                .tls("rsa", Scenario.RSA_HOST)
                .yaml()
            + Objects.configMap(
                "keep-alive-requests: \"0\", max-connections-per-source: \"0\", ssl-redirect:"
                    + " \"false\", disable-access-log: \"true\", upstream-keepalive-connections:"
                    + " \"64\""));
    var weir = weir("epoll");
    running.put(Contender.WEIR, weir);
    running.put(Contender.WEIR_AGAIN, weir);
    running.put(Contender.WEIR_IO_URING, weir("io_uring"));
    running.put(Contender.NGINX, peer("nginx", "nginx.conf", List.of("-p", work + "/", "-c")));
    running.put(Contender.HAPROXY, peer("haproxy", "haproxy.cfg", List.of("-db", "-f")));
    running.put(Contender.NGHTTPX, peer("nghttpx", "nghttpx.conf", List.of("--conf")));
    running.put(Contender.FLOOR, floor());
  }

  private static String lines(IntFunction<String> line) {
    return IntStream.range(0, Scenario.HOSTS)
        .mapToObj(line)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String nginxServer(int i) {
    return "server { listen 127.0.0.1:@http@; server_name "
        + Scenario.host(i)
        + "; location / { proxy_pass http://backend; } }";
  }

  private static String hostIngress(int i) {
    return Ingress.named("h" + i).host(Scenario.host(i)).prefix("/", "web").yaml();
  }

  private void writePair(String name, KeyPairPem pair) throws IOException {
    Files.writeString(work.resolve(name + ".pem"), pair.certificate() + pair.key());
    manifests.write(name + ".yaml", Objects.secret(name, pair));
  }

  private Running weir(String transport) throws IOException, InterruptedException {
    var arguments = Proxy.arguments(manifests.path(), transport);
    var command = Proxy.command(home, List.of("-Xlog:gc+heap=debug"), arguments);
    var proxy = Proxy.start(command, work.resolve("weir-" + transport + ".log"));
    proxy.awaitReady();
    return new Running(proxy.process(), proxy.httpPort(), proxy.httpsPort(), proxy);
  }

  private Running peer(String program, String configuration, List<String> flags)
      throws IOException, InterruptedException {
    int http = freePort();
    int https = freePort();
    var hosts = Files.readString(work.resolve("hosts.conf"));
    var text =
        Files.readString(bench.resolve(configuration))
            .replace("@hosts@", hosts)
            .replace("@work@", work.toString())
            .replace("@http@", Integer.toString(http))
            .replace("@https@", Integer.toString(https))
            .replace("@backend@", Integer.toString(backend.port()));
    var command = new ArrayList<>(List.of(program));
    command.addAll(flags);
    command.add(Files.writeString(work.resolve(configuration), text).toString());
    return listening(PinnedProcess.start(command, work.resolve(program + ".log")), http, https);
  }

  private Running floor() throws IOException, InterruptedException {
    int http = freePort();
    int https = freePort();
    var command =
        List.of(
            Proxy.java().toString(),
            "@" + home.resolve("jvm.options"),
            "-cp",
            System.getProperty("java.class.path"),
            Relay.class.getName(),
            Integer.toString(http),
            Integer.toString(https),
            Integer.toString(backend.port()),
            work.resolve("ec.pem").toString(),
            work.resolve("rsa.pem").toString());
    return listening(PinnedProcess.start(command, work.resolve("relay.log")), http, https);
  }

  private static Running listening(PinnedProcess process, int http, int https)
      throws IOException, InterruptedException {
    try {
      process.awaitPort(http);
    } catch (IOException | InterruptedException e) {
      process.close();
      throw e;
    }
    return new Running(process, http, https, null);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A file beside the peers' configurations. */
  Path bench(String file) {
    return bench.resolve(file);
  }

  /** One contender. */
  Running running(Contender contender) {
    return java.util.Objects.requireNonNull(running.get(contender));
  }

  Map<Contender, Running> running() {
    return running;
  }

  @Override
  public void close() {
    running.values().stream().distinct().forEach(contender -> contender.process().close());
    backend.close();
    manifests.close();
  }
}
