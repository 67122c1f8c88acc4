package dev.weir.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects that come, change and go while the program runs. Each test has hosts of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class FollowingTest {
  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final Backends pods = new Backends();
  private final Cluster cluster = new Cluster();
  private final WeirProcess weir;

  FollowingTest() {
    cluster.api().apply(Objects.service(a) + Objects.service(b) + routes());
    weir = cluster.run();
  }

  @AfterAll
  void close() {
    weir.close();
    cluster.close();
    a.close();
    b.close();
    pods.close();
  }

  private static String routes() {
    return Ingress.named("paths").host("paths.test").prefix("/p", "a").exact("/p", "b").yaml()
        + Ingress.named("wild").host("*.wild.test").prefix("/", "a").yaml()
        + Ingress.named("exact").host("x.wild.test").prefix("/", "b").yaml()
        + Ingress.named("foreign").ofClass("foreign").host("foreign.test").prefix("/", "a").yaml()
        + Ingress.named("named").host("named.test").prefix("/", "a:http").yaml();
  }

  @ParameterizedTest(name = "{0}{1} -> {2} {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "paths.test,   /p,  200, b",
        "paths.test,   /p/, 200, a",
        "paths.test,   /pp, 404, -",
        "y.wild.test,  /,   200, a",
        "x.wild.test,  /,   200, b",
        "foreign.test, /,   404, -",
        "named.test,   /,   200, a",
        "nobody.test,  /,   404, -"
      })
  void routesAsAFolderDoes(String host, String target, int status, String backend) {
    var reply = weir.get(host, target);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.backend()).isEqualTo(backend);
  }

  @Test
  void anIngressThatComesChangesAndGoesIsFollowed() {
    cluster.api().apply(Objects.ingress("follow", "follow.test", "a"));
    weir.awaitBackend("follow.test", "/", "a");

    cluster.api().apply(Objects.ingress("follow", "follow.test", "b"));
    weir.awaitBackend("follow.test", "/", "b");

    cluster.api().apply(Objects.ingress("follow", "renamed.test", "b"));
    weir.awaitBackend("renamed.test", "/", "b");
    assertThat(weir.get("follow.test", "/").status()).isEqualTo(404);

    cluster.api().delete("ingresses", "default", "follow");
    weir.awaitStatus("renamed.test", "/", 404);
  }

  @Test
  void endpointsThatComeAndGoAreFollowed() {
    for (int i = 1; i <= 3; i++) {
      pods.echo("pod-" + i);
    }
    cluster
        .api()
        .apply(Objects.serviceAlone("scaled") + Objects.ingress("scaled", "scaled.test", "scaled"));
    weir.awaitStatus("scaled.test", "/", 503);
    for (int count : new int[] {1, 3, 2}) {
      cluster
          .api()
          .apply(Objects.endpoints("scaled", pods.addresses().subList(0, count), pods.port()));
      WeirProcess.eventually("backends", this::scaledBackends, names -> names.size() == count);
    }

    cluster.api().delete("endpointslices", "default", "scaled-1");
    weir.awaitStatus("scaled.test", "/", 503);
  }

  private Set<String> scaledBackends() {
    var names = new TreeSet<String>();
    for (int i = 0; i < 6; i++) {
      names.add(String.valueOf(weir.get("scaled.test", "/").backend()));
    }
    return names;
  }

  /** A Service whose own address is {@code a}'s or none, and whose pod is {@code b}. */
  private String twoFaced(String clusterIp) {
    return Objects.service("faces", List.of(b.address()), b.port())
        .replace("clusterIP: 10.96.0.10", "clusterIP: " + clusterIp)
        .replace("port: 80,", "port: " + a.port() + ",");
  }

  @Test
  void aServiceIsAskedAtItsOwnAddressForAsLongAsItIsToBe() {
    var plain = Ingress.named("faces").host("faces.test").prefix("/", "faces:http");
    cluster.api().apply(twoFaced(a.address()) + plain.yaml());
    weir.awaitBackend("faces.test", "/", "b");

    var asking =
        Ingress.named("faces")
            .host("faces.test")
            .setting("service-upstream", "true")
            .prefix("/", "faces:http");
    cluster.api().apply(asking.yaml());
    weir.awaitBackend("faces.test", "/", "a");

    cluster.api().delete("endpointslices", "default", "faces-1");
    weir.awaitBackend("faces.test", "/", "a");

    cluster.api().apply(twoFaced("None"));
    weir.awaitBackend("faces.test", "/", "b");

    cluster.api().apply(twoFaced(a.address()));
    weir.awaitBackend("faces.test", "/", "a");
    cluster.api().delete("services", "default", "faces");
    weir.awaitStatus("faces.test", "/", 503);
  }

  @Test
  void terminatingEndpointsServeOnlyWhileNoOtherDoes() {
    var terminating =
        Objects.endpoints("draining", List.of(a.address()), a.port())
            .replace(
                "conditions: {ready: true}",
                "conditions: {ready: false, serving: true, terminating: true}");
    cluster
        .api()
        .apply(
            Objects.serviceAlone("draining")
                + terminating
                + Objects.ingress("draining", "draining.test", "draining"));
    weir.awaitBackend("draining.test", "/", "a");

    var ready =
        Objects.endpoints("draining", List.of(b.address()), b.port())
            .replace("draining-1", "draining-2");
    cluster.api().apply(ready);
    weir.awaitBackend("draining.test", "/", "b");
    assertThat(weir.get("draining.test", "/").backend()).isEqualTo("b");

    cluster.api().apply(ready.replace("ready: true", "ready: false"));
    weir.awaitBackend("draining.test", "/", "a");
  }

  @Test
  void aSecretIsRotatedUnderConnectionsThatStayOpen() throws IOException {
    var first = KeyPairPem.of("rotated.test");
    var second = KeyPairPem.of("rotated.test");
    cluster
        .api()
        .apply(
            Objects.secret("rotated", first)
                + Ingress.named("rotated")
                    .tls("rotated", "rotated.test")
                    .host("rotated.test")
                    .prefix("/", "a")
                    .yaml());
    awaitSerial("rotated.test", first.serial());
    try (var wire = Wire.tls(weir.https(), "rotated.test")) {
      assertThat(wire.get("rotated.test", "/1").status()).isEqualTo(200);
      cluster.api().apply(Objects.secret("rotated", second));
      awaitSerial("rotated.test", second.serial());
      assertThat(wire.get("rotated.test", "/2").status()).isEqualTo(200);
      assertThat(wire.certificate().getSerialNumber()).isEqualTo(first.serial());
    }
    cluster
        .api()
        .apply(
            Objects.secret("rotated", second).replaceAll("tls.key: .*", "tls.key: bm9uc2Vuc2U="));
    weir.log().await("default/rotated");
    assertThat(serialOf("rotated.test")).as("the last valid pair").isEqualTo(second.serial());
  }

  private BigInteger serialOf(String host) {
    try (var wire = Wire.tls(weir.https(), host)) {
      return wire.certificate().getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitSerial(String host, BigInteger serial) {
    WeirProcess.eventually("certificate", () -> serialOf(host), serial::equals);
  }

  @Test
  void aClassThatComesLaterBringsItsIngresses() {
    cluster
        .api()
        .apply(Ingress.named("early").ofClass("late").host("early.test").prefix("/", "a").yaml());
    cluster.api().apply(Objects.ingress("mark", "mark.test", "a"));
    weir.awaitBackend("mark.test", "/", "a");
    assertThat(weir.get("early.test", "/").status()).isEqualTo(404);

    cluster.api().apply(Objects.INGRESS_CLASS.replace("name: nginx", "name: late"));
    weir.awaitBackend("early.test", "/", "a");

    cluster.api().delete("ingressclasses", "", "late");
    weir.awaitStatus("early.test", "/", 404);
  }

  @Test
  void aNamespaceThatIsBeingDeletedGivesWay() {
    var namespace =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: %s}
        """;
    cluster.api().apply(namespace.formatted("leaving") + "---\n" + namespace.formatted("staying"));
    cluster.api().apply(inNamespace("leaving", a, "2024-01-01T00:00:00Z"));
    cluster.api().apply(inNamespace("staying", b, "2024-06-01T00:00:00Z"));
    weir.awaitBackend("contested.test", "/", "a");

    cluster
        .api()
        .apply(
            namespace
                    .formatted("leaving")
                    .replace(
                        "name: leaving",
                        "name: leaving, deletionTimestamp: \"2024-07-01T00:00:00Z\"")
                + "status: {phase: Terminating}\n");
    weir.awaitBackend("contested.test", "/", "b");
  }

  private static String inNamespace(String namespace, Backend backend, String created) {
    return (Objects.service(backend)
            + Ingress.named("contested")
                .created(created)
                .host("contested.test")
                .prefix("/", backend.name())
                .yaml())
        .replace("namespace: default", "namespace: " + namespace);
  }

  @Test
  void aBadObjectIsReportedOnceAndHurtsNoOther() {
    cluster
        .api()
        .apply(
            Objects.ingress("bad", "bad.test", "a")
                .replace("pathType: Prefix", "pathType: Sideways"));
    cluster.api().apply(Objects.ingress("fine", "fine.test", "a"));
    weir.awaitBackend("fine.test", "/", "a");

    assertThat(weir.admin("/debug/findings").text()).contains("default/bad");
    assertThat(weir.log().lines("default/bad")).hasSize(1);
  }
}
