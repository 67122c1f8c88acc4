package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Frames;
import dev.weir.e2e.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** The program ends under load, or lives on through changes with open tunnels (F26, F32). */
class LongLifeFaultTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  @Fault("F26")
  void noRequestFailsWhileTwoInstancesAreRestartedInTurns(Injection fault) throws Exception {
    int requestsEach = fault.figure() > 2 ? 10_000 : 500;
    try (var cluster = new Cluster();
        var shop = Backend.echo("shop")) {
      cluster.api().apply(Objects.service(shop) + Objects.ingress("shop", "shop.test", "shop"));
      var running = new ArrayList<>(List.of(start(cluster), start(cluster)));
      try (var traffic = Balanced.over(running, "shop.test", 8)) {
        for (int i = 0; i < fault.figure(); i++) {
          traffic.awaitMore(requestsEach / 2);
          var ending = running.removeFirst();
          ending.terminate();
          // A load balancer learns late: new connections come until it has.
          WeirProcess.eventually(
              "unready", () -> ending.admin("/readyz"), reply -> reply.status() == 500);
          traffic.awaitMore(50);
          traffic.over(running);
          assertThat(ending.exitCode()).isZero();
          ending.close();
          fault.count();
          running.add(start(cluster));
          traffic.over(running);
          traffic.awaitMore(requestsEach / 2);
        }
        traffic.finish();
        assertThat(traffic.failures()).isEmpty();
        assertThat(traffic.answered()).isGreaterThanOrEqualTo(fault.figure() * requestsEach);
      } finally {
        running.forEach(WeirProcess::close);
      }
    }
  }

  private static WeirProcess start(Cluster cluster) {
    return WeirProcess.run(cluster.flag(), "--shutdown-grace-period=2");
  }

  /** A WebSocket server that says every text again. */
  private static void chat(Script.Call call) throws IOException {
    var key = String.valueOf(call.head().field("sec-websocket-key"));
    call.write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + Frames.accept(key)
            + "\r\n\r\n");
    var in = call.socket().getInputStream();
    while (true) {
      call.write(Frames.plain(Frames.read(in::readNBytes)));
    }
  }

  private static Wire open(WeirProcess weir) throws IOException {
    var wire = Wire.to(weir.http());
    wire.send(
        "GET /chat HTTP/1.1\r\nHost: chat.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n\r\n");
    assertThat(wire.head().status()).isEqualTo(101);
    return wire;
  }

  private static void assertEcho(List<Wire> sockets, String text) throws IOException {
    for (var socket : sockets) {
      socket.send(Frames.masked(text));
    }
    for (var socket : sockets) {
      assertThat(Frames.read(socket::bytes)).isEqualTo(text);
    }
  }

  @Fault("F32")
  void openTunnelsOutliveEveryChange(Injection fault) throws Exception {
    var sockets = new ArrayList<Wire>();
    try (var cluster = new Cluster();
        var chat = Backend.scripted("chat", LongLifeFaultTest::chat);
        var shop = Backend.echo("shop")) {
      cluster.api().apply(Objects.service(chat) + Objects.ingress("chat", "chat.test", "chat"));
      cluster.api().apply(Objects.service(shop));
      cluster.api().apply(Objects.configMap("max-connections-per-source: \"0\""));
      try (var weir = WeirProcess.run(cluster.flag(), "--configmap=default/weir")) {
        for (int i = 0; i < fault.figure(); i++) {
          sockets.add(open(weir));
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
