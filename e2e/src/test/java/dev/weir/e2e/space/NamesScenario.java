package dev.weir.e2e.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Script;
import dev.weir.e2e.fault.Traffic;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Fifty ExternalName Services whose names resolve to nothing good, one whose name is good, and one
 * whose name turns to this machine, beside an ordinary Service.
 */
public final class NamesScenario implements Scenario {
  static final String POD = "10.244.1.5";
  static final String OUTSIDE = "10.244.3.5";
  static final String METADATA = "169.254.169.254";

  /** Begins the line that tells how often names failed to resolve. */
  static final String FAILED_LOOKUPS = "failed lookups: ";

  /** How many of these a run waits for, as a system property. */
  static final String FIGURE = "weir.fault.figure";

  private static final String LOOPBACK = "127.0.0.1";
  private static final int PORT = 8080;
  private static final int BAD = 50;

  @Override
  public void play() throws Exception {
    NameServer.use(LOOPBACK);
    try (var names = new NameServer(LOOPBACK);
        var pod = Backend.listen("shop", Script.echo(), POD, PORT);
        var outside = Backend.listen("outside", Script.echo(), OUTSIDE, PORT);
        var here = Backend.listen("here", Script.echo(), LOOPBACK, PORT);
        var metadata = Backend.listen("metadata", Script.echo(), METADATA, PORT);
        var cluster = new Cluster()) {
      cluster.api().apply(Objects.service("shop", List.of(POD), PORT));
      cluster.api().apply(Objects.ingress("shop", "shop.test", "shop"));
      for (int i = 0; i < BAD; i++) {
        names.put("bad-" + i + ".example.com", bad(i));
        cluster.api().apply(external("bad-" + i));
      }
      var good = new NameServer.Answer.Addresses(0, List.of(OUTSIDE));
      for (var name : List.of("good", "turns")) {
        names.put(name + ".example.com", good);
        cluster.api().apply(external(name));
      }
      try (var weir = cluster.run();
          var traffic = Traffic.of(weir, "shop.test", "GET", 3);
          var toName = Traffic.of(weir, "good.test", "GET", 1)) {
        weir.log().expect("does not resolve");
        weir.awaitBackend("turns.test", "/", "outside");
        names.put(
            "turns.example.com", new NameServer.Answer.Addresses(0, List.of(LOOPBACK, METADATA)));
        failing(weir, () -> lookups(names));
        awaitMore(() -> names.asked("turns.example.com"), 6);
        assertThat(weir.get("turns.test", "/").backend()).as("the last good").isEqualTo("outside");
        for (var all : List.of(traffic, toName)) {
          all.awaitMore(100);
          all.finish();
          assertThat(all.failures()).isEmpty();
        }
      }
      assertThat(here.connections() + metadata.connections()).as("where none may go").isZero();
      assertThat(pod.requests()).isPositive();
      assertThat(outside.requests()).isPositive();
      System.out.println(FAILED_LOOKUPS + lookups(names));
    }
  }

  /** Waits for the figure while requests go to all of the bad names. */
  private static void failing(WeirProcess weir, LongSupplier lookups) {
    while (lookups.getAsLong() < Integer.getInteger(FIGURE)) {
      for (int i = 0; i < BAD; i++) {
        // A silent server is waited for before the first answer of a name.
        assertThat(weir.get("bad-" + i + ".test", "/").status()).isIn(502, 503, 504);
      }
    }
  }

  private static void awaitMore(LongSupplier count, int more) {
    long before = count.getAsLong();
    WeirProcess.eventually("lookups", count::getAsLong, now -> now >= before + more);
  }

  private static long lookups(NameServer names) {
    long lookups = 0;
    for (int i = 0; i < BAD; i++) {
      lookups += names.asked("bad-" + i + ".example.com");
    }
    return lookups;
  }

  private static NameServer.Answer bad(int i) {
    return switch (i % 5) {
      case 0 -> new NameServer.Answer.Silence();
      case 1 -> new NameServer.Answer.Failure();
      case 2 -> new NameServer.Answer.Addresses(0, List.of());
      case 3 -> new NameServer.Answer.Addresses(0, List.of(LOOPBACK, "127.8.9.10", "0.0.0.0"));
      default -> new NameServer.Answer.Addresses(3600, List.of(METADATA, "100.100.100.200"));
    };
  }

  private static String external(String name) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %1$s, namespace: default}
    spec: {type: ExternalName, externalName: %1$s.example.com, ports: [{name: http, port: %2$d}]}
    """
            .formatted(name, PORT)
        + Ingress.named(name).host(name + ".test").prefix("/", name + ":" + PORT).yaml();
  }
}
