package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Tunnels live on through changes (F32). */
class LongLifeFaultTest {
  private static void assertEcho(List<Tunnel> sockets, String text) throws IOException {
    for (var socket : sockets) {
      socket.say(text);
    }
    for (var socket : sockets) {
      assertThat(socket.hear()).isEqualTo(text);
    }
  }

  @Fault("F32")
  void openTunnelsOutliveEveryChange(Injection fault) throws Exception {
    var sockets = new ArrayList<Tunnel>();
    try (var cluster = new Cluster();
        var chat = Backend.scripted("chat", Tunnel::serve);
        var shop = Backend.echo("shop")) {
      cluster.api().apply(Objects.service(chat) + Objects.ingress("chat", "chat.test", "chat"));
      cluster.api().apply(Objects.service(shop));
      cluster.api().apply(Objects.configMap("max-connections-per-source: \"0\""));
      try (var weir = WeirProcess.run(cluster.flag(), "--configmap=default/weir")) {
        for (int i = 0; i < fault.figure(); i++) {
          sockets.add(Tunnel.open(weir.http()));
        }
        assertEcho(sockets, "before");
        for (int i = 0; i < fault.figure(); i++) {
          change(cluster, i);
          fault.count();
        }
        weir.awaitStatus("side-" + (fault.figure() - 1) + ".test", "/", 200);
        assertEcho(sockets, "after");
        // Its own endpoint goes: what is open goes on, nothing new begins.
        cluster.api().apply(Objects.endpoints("chat", List.of(), chat.port()));
        weir.awaitStatus("chat.test", "/", 503);
        assertEcho(sockets, "at the end");
        for (var socket : sockets) {
          socket.close();
        }
      }
    }
  }

  /** A host, an endpoint of another Service, and another path of the very host in use. */
  private static void change(Cluster cluster, int i) {
    cluster
        .api()
        .apply(
            Ingress.named("side").host("side-" + i + ".test").prefix("/", "shop").yaml()
                + Ingress.named("more")
                    .host("chat.test")
                    .prefix("/more-" + ThreadLocalRandom.current().nextInt(1000), "shop")
                    .yaml());
  }
}
