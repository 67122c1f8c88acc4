package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.parallel.Isolated;

/** Pods are killed, close idle connections, or hang (F11, F14, F15). */
@Isolated("Requests meet connections that are just being closed")
class FailureFaultTest {
  @Fault("F11")
  void noGetFailsAndNoPostHappensTwiceWhenPodsAreKilled(Injection fault) throws Exception {
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    var network = "127." + ThreadLocalRandom.current().nextInt(2, 250) + ".7.";
    var pods = new ArrayList<Pod>();
    try (var cluster = new Cluster()) {
      for (int i = 0; i < 4; i++) {
        pods.add(new Pod(network + (i + 1), i == 0 ? 0 : pods.getFirst().port(), seen, fault));
      }
      var addresses = pods.stream().map(Pod::address).toList();
      cluster.api().apply(Objects.service("shop", addresses, pods.getFirst().port()));
      cluster.api().apply(Objects.ingress("shop", "shop.test", "shop"));
      try (var weir = cluster.run();
          var gets = Traffic.of(weir, "shop.test", "GET", 8);
          var posts = Traffic.of(weir, "shop.test", "POST", 2)) {
        for (int i = 0; gets.answered() < fault.figure(); i++) {
          var pod = pods.get(i % pods.size());
          pod.kill();
          gets.awaitMore(100);
          pod.revive();
          gets.awaitMore(100);
        }
        gets.finish();
        posts.finish();
        assertThat(gets.failures()).isEmpty();
        assertThat(posts.failures())
            .allMatch(failure -> failure.startsWith("502 "))
            .hasSizeLessThanOrEqualTo((int) fault.counted());
        assertThat(posts.answered()).isPositive();
      }
    } finally {
      pods.forEach(Pod::close);
    }
    assertThat(twice(seen)).isEmpty();
  }

  private static Map<String, Integer> twice(Map<String, Integer> seen) {
    var twice = new HashMap<>(seen);
    twice.values().removeIf(count -> count == 1);
    twice.keySet().removeIf(request -> !request.startsWith("POST "));
    return twice;
  }

  @Fault("F14")
  void noRequestFailsWhenBackendsCloseIdleConnections(Injection fault) throws Exception {
    boolean isFull = Boolean.getBoolean("weir.full");
    int idleMillis = isFull ? 1000 : 300;
    int services = isFull ? 200 : 50;
    Map<String, Integer> seen = new ConcurrentHashMap<>();
    var failures = new ConcurrentLinkedQueue<String>();
    var backends = new ArrayList<Backend>();
    for (int i = 0; i < services; i++) {
      boolean reset = i % 2 == 0;
      backends.add(
          Backend.scripted(
              "idle-" + i,
              call -> {
                var request = call.head().method() + " " + call.head().target();
                seen.merge(request + call.backend().name(), 1, Integer::sum);
                call.closeWhenIdle(idleMillis, reset);
                call.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }));
    }
    try (var site = Site.of(backends.toArray(Backend[]::new))) {
      var clients = new ArrayList<Thread>();
      for (var backend : backends) {
        var client =
            new PacedClient(
                site.weir().http(), backend, idleMillis, fault.figure() / services, failures);
        clients.add(Thread.ofVirtual().start(client));
      }
      for (var client : clients) {
        client.join();
      }
    }
    backends.forEach(backend -> fault.add(backend.idleCloses()));
    assertThat(failures).isEmpty();
    assertThat(twice(seen)).isEmpty();
    assertThat(seen.keySet()).anyMatch(request -> request.startsWith("POST "));
  }

  @Fault("F15")
  void aServiceThatHangsTakesNothingFromAnother(Injection fault) throws Exception {
    int limit = fault.figure() * 4 / 5;
    var release = new CountDownLatch(1);
    var slow =
        Backend.scripted(
            "slow",
            call -> {
              release.await();
              call.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate");
            });
    var fast = Backend.echo("fast");
    List<Wire> stuck = new ArrayList<>();
    try (var cluster = new Cluster()) {
      for (var backend : List.of(slow, fast)) {
        var name = backend.name();
        cluster.api().apply(Objects.service(backend) + Objects.ingress(name, name + ".test", name));
      }
      cluster.api().apply(Objects.configMap("max-connections-per-source: \"0\""));
      try (var weir =
          WeirProcess.run(
              cluster.flag(), "--configmap=default/weir", "--service-max-requests=" + limit)) {
        while (stuck.size() < limit) {
          stuck.add(asking(weir));
        }
        WeirProcess.eventually("requests", slow::requests, count -> count == limit);
        fault.add(slow.requests());
        for (int i = limit; i < fault.figure(); i++) {
          assertThat(weir.get("slow.test", "/").status()).isEqualTo(503);
        }
        try (var traffic = Traffic.of(weir, "fast.test", "GET", 4)) {
          traffic.awaitMore(1000);
          traffic.finish();
          assertThat(traffic.failures()).isEmpty();
        }
        assertThat(slow.requests()).isEqualTo(limit);
        release.countDown();
        for (var wire : stuck) {
          assertThat(wire.reply().text()).isEqualTo("late");
        }
        assertThat(weir.get("slow.test", "/").status()).isEqualTo(200);
        closeAll(stuck);
      }
    } finally {
      release.countDown();
      slow.close();
      fast.close();
    }
  }

  private static Wire asking(WeirProcess weir) throws IOException {
    return Wire.to(weir.http()).send(Traffic.request("GET", "slow.test", 0));
  }

  private static void closeAll(List<Wire> wires) throws IOException {
    for (var wire : wires) {
      wire.close();
    }
  }
}
