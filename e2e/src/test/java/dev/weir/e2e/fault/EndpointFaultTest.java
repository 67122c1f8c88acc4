package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;

/** Pods are replaced, all gone, or their addresses given to another tenant (F9, F10, F13). */
class EndpointFaultTest {
  private static final int CLIENTS = 6;

  private final Cluster cluster = new Cluster();
  private final Backends pods = new Backends();

  @AfterEach
  void close() {
    cluster.close();
    pods.close();
  }

  private static String draining(String service, List<Backend> backends) {
    var list =
        backends.stream()
            .map(
                pod ->
                    "{addresses: [\"%s\"], conditions: {ready: false, serving: true, terminating: true}}"
                        .formatted(pod.address()))
            .collect(Collectors.joining(", "));
    return Objects.endpoints(service, List.of(), backends.getFirst().port())
        .replace(service + "-1", service + "-2")
        .replace("endpoints: []", "endpoints: [" + list + "]");
  }

  private static List<String> addresses(Iterable<Backend> backends) {
    var addresses = new ArrayList<String>();
    backends.forEach(pod -> addresses.add(pod.address()));
    return addresses;
  }

  @Fault("F9")
  void noRequestFailsWhilePodsAreReplacedOneByOne(Injection fault) {
    int size = 4;
    var running = new ArrayDeque<Backend>();
    for (int i = 0; i < size; i++) {
      running.add(pods.echo("first-" + i));
    }
    cluster.api().apply(Objects.service("shop", addresses(running), pods.port()));
    cluster.api().apply(Objects.ingress("shop", "shop.test", "shop"));
    try (var weir = cluster.run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      for (int i = 0; i < fault.figure() * size; i++) {
        var old = running.remove();
        running.add(pods.echo("pod-" + i));
        cluster.api().apply(draining("shop", List.of(old)));
        cluster.api().apply(Objects.endpoints("shop", addresses(running), pods.port()));
        // With no time to learn of it: the pod ends when it is asked to.
        old.drain();
        traffic.awaitMore(50);
        int before = old.requests();
        traffic.awaitMore(50);
        assertThat(old.requests()).as("requests after the end").isEqualTo(before);
        fault.count();
      }
      cluster.api().delete("endpointslices", "default", "shop-2");
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }

  @Fault("F10")
  void withoutEndpointsEveryRequestIsAnswered503AtOnce(Injection fault) throws IOException {
    var pod = pods.echo("last");
    cluster.api().apply(Objects.service("shop", List.of(pod.address()), pod.port()));
    cluster.api().apply(Objects.ingress("shop", "shop.test", "shop"));
    try (var weir = cluster.run()) {
      int rounds = 5;
      for (int round = 0; round < rounds; round++) {
        cluster.api().apply(Objects.endpoints("shop", List.of(), pod.port()));
        cluster.api().apply(draining("shop", List.of(pod)));
        weir.awaitRoutes(text -> text.contains("(draining)"));
        try (var wire = Wire.to(weir.http())) {
          assertThat(wire.get("shop.test", "/terminating").status()).isEqualTo(200);

          cluster.api().delete("endpointslices", "default", "shop-2");
          weir.awaitStatus("shop.test", "/", 503);
          for (int i = 0; i < fault.figure() / rounds; i++) {
            var reply = wire.get("shop.test", "/" + i);
            assertThat(reply.status()).isEqualTo(503);
            assertThat(reply.field("retry-after")).isNotNull();
            fault.count();
          }
        }
        cluster.api().apply(Objects.endpoints("shop", List.of(pod.address()), pod.port()));
        weir.awaitStatus("shop.test", "/", 200);
      }
    }
  }

  /** A pod of one tenant, which counts what was meant for the other. */
  private static Backend tenant(String name, String address, int port, AtomicInteger wrong)
      throws IOException {
    var echo = Script.echo();
    return Backend.listen(
        name,
        call -> {
          if (!(name + ".test").equals(call.head().field("host"))) {
            wrong.incrementAndGet();
          }
          echo.serve(call);
        },
        address,
        port);
  }

  @Fault("F13")
  void noRequestReachesAnotherTenantsPodWhenAnAddressMoves(Injection fault) throws IOException {
    var wrong = new AtomicInteger();
    var steady = pods.echo("steady");
    int port = steady.port();
    var moving = pods.freeAddress();
    var tenants = List.of("one", "two");
    for (var name : tenants) {
      cluster.api().apply(Objects.service(name, List.of(steady.address()), port));
      cluster.api().apply(Ingress.named(name).host(name + ".test").prefix("/", name).yaml());
    }
    try (var weir = cluster.run();
        var one = Traffic.of(weir, "one.test", "GET", CLIENTS / 2);
        var two = Traffic.of(weir, "two.test", "GET", CLIENTS / 2)) {
      for (int i = 0; i < fault.figure(); i++) {
        var name = tenants.get(i % 2);
        var endpoint = moving + ":" + port;
        try (var pod = tenant(name, moving, port, wrong)) {
          cluster.api().apply(Objects.endpoints(name, List.of(steady.address(), moving), port));
          weir.awaitRoutes(text -> upstream(text, name).contains(endpoint));
          WeirProcess.eventually("requests", pod::requests, count -> count > 5);
          cluster.api().apply(Objects.endpoints(name, List.of(steady.address()), port));
          weir.awaitRoutes(text -> !upstream(text, name).contains(endpoint));
        }
        fault.count();
      }
      one.finish();
      two.finish();
      assertThat(wrong).hasValue(0);
      assertThat(one.failures()).isEmpty();
      assertThat(two.failures()).isEmpty();
    }
  }

  private static String upstream(String routes, String service) {
    return routes
        .lines()
        .filter(line -> line.startsWith("upstream default/" + service + ":"))
        .findFirst()
        .orElse("");
  }
}
