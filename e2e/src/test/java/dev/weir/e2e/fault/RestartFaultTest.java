package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.fault.RestartTraffic.Kind;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.util.ArrayDeque;

/**
 * Two replicas behind a balancer of connections that follows their readiness are ended and replaced
 * in turn while clients of every kind go on, as in a rolling update (F26).
 */
class RestartFaultTest {
  /** Of each kind, before, during and after each restart. */
  private static final int CI = 100;

  private static final int FULL = 500;

  private static WeirProcess start(Cluster cluster) {
    return WeirProcess.run(cluster.flag(), "--shutdown-grace-period=5");
  }

  @Fault("F26")
  void twoReplicasBehindEachOthersRestartLoseNothing(Injection fault) {
    int requests = fault.figure() > 4 ? FULL : CI;
    try (var cluster = new Cluster();
        var chat = Backend.scripted("chat", Tunnel::serve);
        var shop = Backend.echo("shop");
        var replicas = new Replicas()) {
      cluster.api().apply(Objects.service(shop) + Objects.ingress("shop", "shop.test", "shop"));
      cluster.api().apply(Objects.service(chat) + Objects.ingress("chat", "chat.test", "chat"));
      var running = new ArrayDeque<Replicas.Replica>();
      try (var plain = Balancer.of(replicas, WeirProcess::http);
          var tls = Balancer.of(replicas, WeirProcess::https);
          var tunnels = Balancer.of(replicas, WeirProcess::http)) {
        running.add(replicas.add(start(cluster)));
        running.add(replicas.add(start(cluster)));
        try (var traffic = RestartTraffic.over(plain, tls, tunnels)) {
          for (int i = 0; i < fault.figure(); i++) {
            traffic.awaitMore(requests);
            var ending = running.removeFirst();
            WeirProcess.eventually("a WebSocket", () -> tunnels.open(ending), open -> open > 0);
            end(ending, traffic);
            fault.count();
            replicas.remove(ending);
            running.add(replicas.add(start(cluster)));
          }
          traffic.awaitMore(requests);
          traffic.finish();
          assertThat(traffic.failures()).isEmpty();
          for (var kind : Kind.values()) {
            assertThat(traffic.answered(kind))
                .as(kind + " answered")
                .isGreaterThanOrEqualTo((fault.figure() + 1) * requests);
            System.out.printf(
                "restarts: %s: %d answered, %d connections left%n",
                kind, traffic.answered(kind), traffic.left(kind));
          }
          for (var kind : new Kind[] {Kind.KEPT, Kind.HTTP_2, Kind.HTTP_2_TLS, Kind.TUNNEL}) {
            assertThat(traffic.left(kind))
                .as(kind + " asked to leave")
                .isGreaterThanOrEqualTo(fault.figure());
          }
          assertThat(plain.late() + tls.late()).as("late connections").isPositive();
        }
      } finally {
        running.forEach(replica -> replica.program().close());
      }
    }
  }

  private static void end(Replicas.Replica ending, RestartTraffic traffic) {
    var program = ending.program();
    program.terminate();
    program.log().await("ending: unready");
    assertThat(program.admin("/readyz").status()).isEqualTo(500);
    program.log().await("ending: finishing what is in flight");
    // Its WebSockets go on and hold the end up.
    traffic.awaitMore(Kind.TUNNEL, 50);
    assertThat(program.isAlive()).isTrue();
    traffic.renewTunnels();
    assertThat(program.exitCode()).isZero();
    assertThat(program.log().lines("had not ended")).isEmpty();
    program.close();
  }
}
