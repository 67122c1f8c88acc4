package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** Several Ingresses want the same path; or had it, in a namespace that goes (F25). */
class ConflictFaultTest {
  private static final int CLIENTS = 4;

  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final Cluster cluster = new Cluster();

  ConflictFaultTest() {
    cluster.api().apply(Objects.service(a) + Objects.service(b));
  }

  @AfterEach
  void close() {
    cluster.close();
    a.close();
    b.close();
  }

  /** One of those that want a path. */
  private record Claim(String name, String created, String backend) {
    String yaml(String host) {
      return Ingress.named(name).created(created).host(host).prefix("/", backend).yaml();
    }
  }

  /** The one that is served: the oldest; of the same second, the last name. */
  private static Claim winner(List<Claim> claims) {
    return Collections.min(
        claims,
        Comparator.comparing(Claim::created).thenComparing(Claim::name, Comparator.reverseOrder()));
  }

  private static List<Claim> claims(int round, Random random) {
    var claims = new ArrayList<Claim>();
    for (int i = 0; i < 2 + random.nextInt(3); i++) {
      claims.add(
          new Claim(
              "claim-" + round + "-" + i,
              "2024-01-01T00:00:0" + random.nextInt(3) + "Z",
              random.nextBoolean() ? "a" : "b"));
    }
    Collections.shuffle(claims, random);
    return claims;
  }

  private static String routes(WeirProcess weir) {
    return weir.admin("/debug/routes").text();
  }

  @Fault("F25")
  void ofSeveralThatWantAPathTheSameOneHasItInWhateverOrderTheyCome(Injection fault) {
    var api = cluster.api();
    long seed = Seed.get();
    var random = new Random(seed);
    api.apply(new Claim("oldest", "2023-01-01T00:00:00Z", "a").yaml("shop.test"));
    try (var weir = cluster.run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      for (int i = 0; i < fault.figure(); i++) {
        var host = "contested-" + i + ".test";
        var claims = claims(i, random);
        claims.forEach(claim -> api.apply(claim.yaml(host)));
        api.apply(new Claim("late", "2024-01-01T00:00:0" + i % 10 + "Z", "b").yaml("shop.test"));
        var winner = winner(claims);
        weir.awaitBackend(host, "/", winner.backend());
        WeirProcess.eventually(
            "what has the path, seed " + seed,
            () -> routes(weir),
            text -> text.contains("from default/" + winner.name() + "\n"));
        WeirProcess.eventually(
            "what is said of the others",
            () -> weir.admin("/debug/findings").text(),
            text ->
                claims.stream()
                    .filter(claim -> !claim.equals(winner))
                    .allMatch(loser -> text.contains("Ingress default/" + loser.name() + " ")));
        fault.add(claims.size() - 1L);
        if (random.nextBoolean()) {
          api.delete("ingresses", "default", winner.name());
          claims.remove(winner);
          weir.awaitBackend(host, "/", winner(claims).backend());
        }
      }
      assertThat(weir.get("shop.test", "/").backend()).isEqualTo("a");
      try (var restarted = cluster.run()) {
        var afresh = routes(restarted);
        WeirProcess.eventually("the same, seed " + seed, () -> routes(weir), afresh::equals);
      }
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }

  private static String namespace(String name, String more) {
    return "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + more + "}\n";
  }

  private static String in(String namespace, String yaml) {
    return yaml.replace("namespace: default", "namespace: " + namespace);
  }

  /** As the cluster does it: marked, its pods gone, and only later the rest. */
  @Fault("namespace-deletion")
  void noRequestFailsWhenANamespaceThatSharesAHostIsDeleted(Injection fault) {
    var api = cluster.api();
    api.apply(new Claim("stays", "2024-01-01T00:00:00Z", "b").yaml("shop.test"));
    try (var weir = cluster.run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      for (int i = 0; i < fault.figure(); i++) {
        var name = "leaving-" + i;
        api.apply(namespace(name, ""));
        // Its endpoints are known before it takes over: they come by another watch.
        api.apply(in(name, Objects.service(a) + Objects.ingress("known", name + ".test", "a")));
        weir.awaitStatus(name + ".test", "/", 200);
        api.apply(in(name, new Claim("old", "2023-01-01T00:00:00Z", "a").yaml("shop.test")));
        weir.awaitBackend("shop.test", "/", "a");
        api.apply(namespace(name, ", deletionTimestamp: \"2024-07-01T00:00:00Z\""));
        weir.awaitBackend("shop.test", "/", "b");
        api.delete("endpointslices", name, "a-1");
        traffic.awaitMore(20);
        api.delete("ingresses", name, "old");
        api.delete("ingresses", name, "known");
        // The namespace goes only when nothing is left in it.
        weir.awaitStatus(name + ".test", "/", 404);
        api.delete("services", name, "a");
        api.delete("namespaces", "", name);
        traffic.awaitMore(20);
        fault.count();
      }
      WeirProcess.eventually("nothing of them", () -> routes(weir), t -> !t.contains("leaving-"));
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }
}
