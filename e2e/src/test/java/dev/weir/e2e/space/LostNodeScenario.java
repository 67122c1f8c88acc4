package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Commands;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pod's node falls silent: packets to it go to an end of a cable where nobody has that address.
 * Kept connections to it hang, new ones are never answered. It comes back, and is used again.
 */
public final class LostNodeScenario implements Scenario {
  static final String NODE = "10.244.0.1";
  static final String LOST = "10.244.1.5";
  static final String STAYS = "10.244.1.6";

  /** Begins the line that tells how many packets were lost. */
  static final String LOST_PACKETS = "lost packets: ";

  /** How many requests a run makes, as a system property. */
  static final String FIGURE = "weir.fault.figure";

  private static final int PORT = 8080;
  private static final int CLIENTS = 6;

  private final AtomicInteger answered = new AtomicInteger();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

  @Override
  public void play() throws Exception {
    Commands.run("ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1");
    Commands.run("ip", "link", "set", "cable0", "up");
    Commands.run("ip", "link", "set", "cable1", "up");
    try (var lost = Backend.listen("lost", Script.echo(), LOST, PORT);
        var stays = Backend.listen("stays", Script.echo(), STAYS, PORT);
        var cluster = new Cluster()) {
      cluster.api().apply(Objects.service("shop", List.of(LOST, STAYS), PORT));
      cluster.api().apply(Objects.ingress("shop", "shop.test", "shop"));
      try (var weir = WeirProcess.launch("run", cluster.flag()).ready()) {
        weir.log().expect(PodsScenario.NO_HARDWARE_ADDRESS);
        load(40);
        int before = lost.requests();
        assertThat(before).isPositive();
        long packets = sent();
        fallSilent();
        load(Integer.getInteger(FIGURE));
        System.out.println(LOST_PACKETS + (sent() - packets));
        assertThat(failures).isEmpty();
        assertThat(lost.requests()).isEqualTo(before);
        assertThat(stays.requests()).isPositive();
        comeBack();
        WeirProcess.eventually(
            "the node being used again",
            () -> {
              load(CLIENTS);
              return lost.requests();
            },
            count -> count > before);
        assertThat(failures).isEmpty();
      }
    }
  }

  private static void fallSilent() {
    Commands.run("ip", "addr", "del", LOST + "/32", "dev", "lo");
    Commands.run("ip", "route", "add", LOST + "/32", "dev", "cable0");
    // An address for its packets that the other end doesn't have.
    Commands.run(
        "ip",
        "neigh",
        "replace",
        LOST,
        "lladdr",
        "02:00:00:00:00:01",
        "nud",
        "permanent",
        "dev",
        "cable0");
  }

  private static void comeBack() {
    Commands.run("ip", "route", "del", LOST + "/32", "dev", "cable0");
    Commands.run("ip", "addr", "add", LOST + "/32", "dev", "lo");
  }

  private static long sent() throws Exception {
    var counter = Path.of("/sys/class/net/cable0/statistics/tx_packets");
    if (Files.exists(counter)) {
      return Long.parseLong(Files.readString(counter).strip());
    }
    // Where sysfs shows another namespace's devices, procfs shows ours.
    return Files.readAllLines(Path.of("/proc/self/net/dev")).stream()
        .filter(line -> line.strip().startsWith("cable0:"))
        .mapToLong(line -> Long.parseLong(line.strip().split("[: ]+", -1)[10]))
        .sum();
  }

  /** So many requests, each client's on one connection. */
  private void load(int requests) {
    answered.set(0);
    var clients = new ArrayList<Thread>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(Thread.ofVirtual().start(() -> ask(requests)));
    }
    for (var client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void ask(int requests) {
    try (var wire = Wire.to(new InetSocketAddress(NODE, 80))) {
      while (answered.getAndIncrement() < requests) {
        int status = wire.get("shop.test", "/").status();
        if (status != 200) {
          failures.add("status " + status);
        }
      }
    } catch (java.io.IOException e) {
      failures.add(e.toString());
    }
  }
}
