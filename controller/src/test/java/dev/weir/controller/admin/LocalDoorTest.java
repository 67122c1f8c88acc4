package dev.weir.controller.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.controller.loop.Snapshot;
import dev.weir.controller.loop.TableStats;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.Upstream;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.tls.SelfSignedCertificate;
import dev.weir.tls.ServerCertificate;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDoorTest {
  private static final ServerCertificate CERTIFICATE =
      SelfSignedCertificate.forHost("*.secure.test", Clock.systemUTC());

  @TempDir private Path folder;

  private final AtomicInteger shutdowns = new AtomicInteger();
  private LocalDoor door;

  @BeforeEach
  void open() throws IOException {
    door =
        LocalDoor.open(
            folder,
            new DebugCommands(() -> CompletableFuture.completedFuture(snapshot())),
            shutdowns::incrementAndGet);
  }

  @AfterEach
  void close() {
    door.close();
  }

  @Test
  void nobodyElseMayEnterAndNothingIsLeftBehind() throws IOException {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(door.folder())))
        .isEqualTo("rwx------");
    assertThat(door.folder().getFileName().toString())
        .startsWith("weir-door-" + ProcessHandle.current().pid() + "-");
    door.close();
    assertThat(door.folder()).doesNotExist();
  }

  @Test
  void whatAProcessOfTheSameIdLeftBehindIsRemovedAndWhatAnswersIsNot() throws IOException {
    var left = Files.createDirectory(folder.resolve(door.folder().getFileName() + "old"));
    Files.writeString(left.resolve(LocalDoor.SOCKET), "");
    var second = LocalDoor.open(folder, new DebugCommands(CompletableFuture::new), shutdowns::get);
    assertThat(left).doesNotExist();
    assertThat(ask("general")).startsWith("0\n");
    second.close();
  }

  @Test
  void backendsAreJsonInTheShapeOfIngressNginx() throws IOException {
    assertThat(ask("backends", "list")).isEqualTo("0\ndefault-named-http\ndefault-web-80\n");
    assertThat(ask("backends", "get", "default-web-80").replaceAll("\\s+", ""))
        .isEqualTo(
            "0{\"name\":\"default-web-80\",\"service\":{\"metadata\":{\"name\":\"web\","
                + "\"namespace\":\"default\"}},\"port\":80,\"sslPassthrough\":false,"
                + "\"endpoints\":[{\"address\":\"10.0.0.1\",\"port\":\"8080\"}],"
                + "\"sessionAffinityConfig\":{\"name\":\"\",\"mode\":\"\","
                + "\"cookieSessionAffinity\":{\"name\":\"\"}},"
                + "\"upstreamHashByConfig\":{\"upstream-hash-by-subset-size\":3},"
                + "\"noServer\":false,\"trafficShapingPolicy\":{\"weight\":0,\"weightTotal\":0,"
                + "\"header\":\"\",\"headerValue\":\"\",\"headerPattern\":\"\",\"cookie\":\"\"}}");
    assertThat(ask("backends", "all"))
        .startsWith("0\n[")
        .contains("\"port\" : \"http\"", "\"address\" : \"name.test\"");
    assertThat(ask("backends", "get", "none"))
        .isEqualTo("0\nA backend of this name was not found.\n");
  }

  @Test
  void aCertificateIsPemWithItsKeyAlsoForHostsOfAWildcard() throws Exception {
    var text = ask("certs", "get", "a.secure.test");
    var pem = text.substring(2).getBytes(StandardCharsets.US_ASCII);
    assertThat(ServerCertificate.ofPem(pem, pem)).isEqualTo(CERTIFICATE);
    assertThat(ask("certs", "get", "a.b.test")).isEqualTo("0\nNo cert found for host a.b.test\n");
  }

  @Test
  void theTableStandsBetweenTheMarksThatThePluginLooksFor() throws IOException {
    assertThat(ask("conf"))
        .contains("## start server shop.test\nhost shop.test\n## end server shop.test\n")
        .contains("## start server _\n")
        .contains("upstream default/web:80  10.0.0.1:8080\n");
    assertThat(ask("conf", "shop.test")).isEqualTo("0\nhost shop.test\n");
    assertThat(ask("conf", "none.test")).isEqualTo("1\nno rule names the host none.test\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "backends", "backends get", "certs get", "conf a b", "what", "certs"})
  void anythingElseIsToldWhatThereIs(String words) throws IOException {
    assertThat(ask(words.split(" "))).startsWith("1\nexpected: backends all");
  }

  @Test
  void whoeverAsksForTheEndIsToldWhenItIsDrainedAndAwaited() throws Exception {
    var client = connect(LocalDoor.SHUTDOWN);
    await().until(() -> shutdowns.get() == 1);
    var gone = CompletableFuture.runAsync(this::sayDrained);
    var reply = ByteBuffer.allocate(100);
    while (client.read(reply) >= 0) {
      // until the whole reply is there
    }
    assertThat(new String(reply.array(), 0, reply.position(), StandardCharsets.US_ASCII))
        .isEqualTo("0\ndrained\n");
    assertThat(gone).isNotDone();
    client.close();
    gone.join();
  }

  private void sayDrained() {
    try {
      door.sayDrained(Duration.ofMinutes(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String ask(String... words) throws IOException {
    try (var client = connect(words)) {
      return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private SocketChannel connect(String... words) throws IOException {
    var client = SocketChannel.open(StandardProtocolFamily.UNIX);
    client.connect(UnixDomainSocketAddress.of(door.folder().resolve(LocalDoor.SOCKET)));
    var line = String.join("\t", words) + "\n";
    client.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    return client;
  }

  private static Snapshot snapshot() {
    var hosts = new TreeMap<HostPattern, VirtualHost>();
    for (var host : List.of("shop.test", "")) {
      var pattern = HostPattern.of(host);
      hosts.put(pattern, new VirtualHost(pattern, "", List.of()));
    }
    var upstreams = new TreeMap<String, Upstream>();
    var web = new UpstreamId("default", "web", "80");
    var named = new UpstreamId("default", "named", "http");
    var endpoint = new Endpoint("10.0.0.1", 8080, "", "", false);
    upstreams.put(web.name(), upstream(web, new Upstream.Target.Endpoints(List.of(endpoint))));
    upstreams.put(named.name(), upstream(named, new Upstream.Target.DnsName("name.test", 81)));
    var certificates = new TreeMap<HostPattern, ServerCertificate>();
    certificates.put(HostPattern.of("*.secure.test"), CERTIFICATE);
    return new Snapshot(
        new RoutingTable(hosts, upstreams, certificates, ProxySettings.DEFAULT),
        List.of(),
        TableStats.NONE);
  }

  private static Upstream upstream(UpstreamId id, Upstream.Target target) {
    return new Upstream(id, target, Upstream.LoadBalancing.ROUND_ROBIN);
  }
}
