package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.apiserver.ApiRequest;
import dev.weir.e2e.apiserver.Faults;
import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import dev.weir.testsupport.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** The API server is away, forgets, refuses or is slow (F1, F2, F3, F5). */
class ApiServerFaultTest {
  private static final int CLIENTS = 4;
  private static final Predicate<ApiRequest> ANY = Faults.on("", "");

  private final Backend backend = Backend.echo("a");
  private final Cluster cluster = new Cluster();

  ApiServerFaultTest() {
    cluster.api().apply(Objects.service(backend) + Objects.ingress("shop", "shop.test", "a"));
  }

  @AfterEach
  void close() {
    cluster.close();
    backend.close();
  }

  private WeirProcess run() {
    var weir = cluster.run();
    weir.log().expect("API server");
    weir.log().expect("breaks off again and again");
    Watches.await(cluster.api());
    return weir;
  }

  /** How a server can be away. */
  private enum Absence {
    REFUSES_CONNECTIONS,
    CLOSES_CONNECTIONS,
    SAYS_NOTHING;

    static Absence of(int round) {
      return values()[round % values().length];
    }
  }

  @Fault("F1")
  void noRequestFailsWhileTheApiServerIsAway(Injection fault) {
    var api = cluster.api();
    int requestsEach = fault.figure() > 6 ? 3400 : 300;
    try (var weir = run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      for (int i = 0; i < fault.figure(); i++) {
        var back = goAway(weir, Absence.of(i));
        fault.count();
        var host = "meanwhile-" + i + ".test";
        api.apply(Objects.ingress("meanwhile", host, "a"));
        traffic.awaitMore(requestsEach);
        assertThat(weir.admin("/readyz").status()).isEqualTo(200);
        assertThat(weir.get(host, "/").status()).isEqualTo(404);
        back.run();
        weir.awaitStatus(host, "/", 200);
        Watches.await(api);
      }
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
    for (var resource : Watches.RESOURCES) {
      assertThat(api.count("list", resource)).as("lists of " + resource).isEqualTo(1);
    }
  }

  /** Answers how it comes back. */
  private Runnable goAway(WeirProcess weir, Absence how) {
    var api = cluster.api();
    int watches = api.count("watch", "");
    var gate = new CountDownLatch(0);
    switch (how) {
      case REFUSES_CONNECTIONS -> api.stop();
      case CLOSES_CONNECTIONS -> api.faults().drop(ANY, Faults.ALWAYS);
      case SAYS_NOTHING -> gate = api.faults().hold(ANY, Faults.ALWAYS);
    }
    Watches.RESOURCES.forEach(api::dropWatches);
    if (how == Absence.SAYS_NOTHING) {
      WeirProcess.eventually(
          "requests that nobody answers",
          () -> api.count("watch", "") - watches,
          more -> more >= Watches.RESOURCES.size());
    } else {
      WeirProcess.eventually(
          "the API server being missed",
          () -> weir.admin("/healthz?verbose").text(),
          text ->
              text.lines().filter(line -> line.contains("not connected")).count()
                  == Watches.RESOURCES.size());
    }
    var held = gate;
    return () -> {
      if (how == Absence.REFUSES_CONNECTIONS) {
        api.start();
      }
      api.faults().clear();
      held.countDown();
    };
  }

  @Fault("F2")
  void whoStartsWithoutAnApiServerServesOnceItKnowsEverything(Injection fault) {
    var api = cluster.api();
    for (int i = 0; i < fault.figure(); i++) {
      var gate = new CountDownLatch(0);
      switch (i % 3) {
        case 0 -> api.stop();
        case 1 -> gate = api.faults().hold(Faults.on("list", "services"), 1);
        default -> api.faults().answer(ANY, Faults.ALWAYS, 503);
      }
      api.clearRequests();
      try (var weir = cluster.launch()) {
        weir.log().expect("API server");
        weir.log().expect("Can't read ");
        switch (i % 3) {
          case 0 -> weir.log().await("Can't reach the API server");
          case 1 -> WeirProcess.eventually("lists", () -> api.count("watch", ""), n -> n >= 6);
          default ->
              WeirProcess.eventually(
                  "tries", () -> api.count("", ""), n -> n > Watches.RESOURCES.size());
        }
        var ready = weir.admin("/readyz");
        assertThat(ready.status()).isEqualTo(500);
        assertThat(ready.text()).contains("waiting for the first complete list");
        assertThat(weir.log().lines("listening http")).isEmpty();
        fault.count();
        if (i % 3 == 0) {
          api.start();
        }
        api.faults().clear();
        gate.countDown();
        // Whoever comes the moment that it listens is served.
        assertThat(weir.get("shop.test", "/").status()).isEqualTo(200);
        assertThat(weir.ready().admin("/readyz").status()).isEqualTo(200);
      }
    }
  }

  @Fault("F3")
  void noRequestFailsWhenTheApiServerHasForgottenWhereWatchesWere(Injection fault) {
    var api = cluster.api();
    for (int i = 0; i < 501; i++) {
      api.apply(Objects.configMap("a: b").replace("name: weir", "name: filler-" + i));
    }
    long seed = Seed.get();
    var random = new Random(seed);
    try (var weir = run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      for (int i = 0; i < fault.figure(); i++) {
        var resource = Watches.RESOURCES.get(i % Watches.RESOURCES.size());
        int lists = api.count("list", resource);
        forget(resource, random.nextInt(3));
        fault.count();
        WeirProcess.eventually(
            "a new list of " + resource + ", seed " + seed,
            () -> api.count("list", resource),
            now -> now > lists);
        Watches.await(api, resource);
        api.apply(Objects.ingress("moving", "moving-" + i + ".test", "a"));
        weir.awaitStatus("moving-" + i + ".test", "/", 200);
      }
      traffic.finish();
      assertThat(traffic.failures()).as("seed %d", seed).isEmpty();
    }
  }

  private void forget(String resource, int how) {
    var api = cluster.api();
    if (resource.equals("configmaps")) {
      // The list's second page is not there any more when it is asked for.
      api.faults()
          .answer(
              Faults.on("list", resource).and(request -> !request.parameter("continue").isEmpty()),
              1,
              410);
    }
    switch (how) {
      case 0 -> api.expireWatches(resource);
      case 1 -> {
        api.faults().answer(Faults.on("watch", resource), 1, 410);
        api.dropWatches(resource);
      }
      default -> {
        api.compact(resource);
        api.endWatches(resource);
      }
    }
  }

  @Fault("F5")
  void noRequestFailsWhileTheApiServerIsBusyOrSlow(Injection fault) {
    int many = fault.figure() > 21 ? 10_000 : 1_200;
    for (int i = 0; i < many; i++) {
      cluster.api().apply(Objects.ingress("many-" + i, "many-" + i + ".test", "a"));
    }
    try (var weir = run();
        var traffic = Traffic.of(weir, "shop.test", "GET", CLIENTS)) {
      weir.log().expect("Can't read ");
      refuse(fault);
      traffic.awaitMore(100);
      listSlowly(weir, traffic, many);
      traffic.finish();
      assertThat(traffic.failures()).isEmpty();
    }
  }

  /** A third each is told to come later, that something is wrong, and that nobody is there. */
  private void refuse(Injection fault) {
    var api = cluster.api();
    int each = fault.figure() / 3;
    var later = Map.of("Retry-After", "1");
    api.faults().answer(ANY, each, 429, later);
    api.faults().answer(ANY, each, 500);
    api.faults().answer(ANY, each, 503, later);
    api.clearRequests();
    long begun = System.nanoTime();
    Watches.RESOURCES.forEach(api::dropWatches);
    Awaitility.await("watches after refusals")
        .atMost(Duration.ofMinutes(10))
        .until(() -> Watches.RESOURCES.stream().allMatch(r -> api.openWatches(r) > 0));
    // However many watches there are, they ask five times a second at most.
    int asked = 3 * each - Watches.RESOURCES.size();
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThan(Duration.ofMillis(200L * asked));
    assertThat(api.count("list", "")).as("the watches go on from where they were").isZero();
    fault.add(3L * each);
  }

  /** Each page of a new list takes as long as a hundred requests. */
  private void listSlowly(WeirProcess weir, Traffic traffic, int many) {
    var api = cluster.api();
    var pages = Faults.on("list", "ingresses");
    var gates = new ArrayList<CountDownLatch>();
    for (int i = 0; i < (many + 499) / 500; i++) {
      gates.add(api.faults().hold(pages, 1));
    }
    api.expireWatches("ingresses");
    api.delete("ingresses", "default", "many-7");
    for (int i = 0; i < gates.size(); i++) {
      int page = i;
      WeirProcess.eventually("a page", () -> api.count("list", "ingresses"), count -> count > page);
      traffic.awaitMore(100);
      assertThat(weir.get("many-7.test", "/").status()).isEqualTo(200);
      gates.get(i).countDown();
    }
    weir.awaitStatus("many-7.test", "/", 404);
    assertThat(weir.get("many-8.test", "/").status()).isEqualTo(200);
  }
}
