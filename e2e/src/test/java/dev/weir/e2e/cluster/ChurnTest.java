package dev.weir.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import dev.weir.e2e.fault.Fault;
import dev.weir.e2e.fault.Injection;
import dev.weir.e2e.harness.Cluster;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Endpoints and routes change under load: no request fails and no client's connection is closed.
 */
class ChurnTest {
  private static final int CLIENTS = 8;
  private static final int PODS = 6;

  private final Backends pods = new Backends();
  private final Cluster cluster = new Cluster();
  private final AtomicInteger endpointChanges = new AtomicInteger();
  private final AtomicInteger routeChanges = new AtomicInteger();

  ChurnTest() {
    for (int i = 0; i < PODS; i++) {
      pods.echo("pod-" + i);
    }
    cluster.api().apply(Objects.configMap("keep-alive-requests: \"0\""));
    cluster.api().apply(Objects.serviceAlone("busy"));
    changeEndpoints();
    changeRoutes();
  }

  @AfterEach
  void close() {
    cluster.close();
    pods.close();
  }

  /** A window of three of the six pods, which moves on by one. */
  private void changeEndpoints() {
    int first = endpointChanges.getAndIncrement();
    var addresses = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      addresses.add(pods.addresses().get((first + i) % PODS));
    }
    cluster.api().apply(Objects.endpoints("busy", addresses, pods.port()));
  }

  /** Another path of the busy host itself, and another host beside it. */
  private void changeRoutes() {
    int number = routeChanges.getAndIncrement();
    cluster
        .api()
        .apply(
            Ingress.named("busy")
                .host("busy.test")
                .prefix("/", "busy")
                .prefix("/change-" + number, "busy")
                .host("side-" + number + ".test")
                .prefix("/", "busy")
                .yaml());
  }

  private WeirProcess run() {
    return WeirProcess.run(cluster.flag(), "--configmap=default/weir");
  }

  @Fault("F8")
  void noRequestFailsWhileEndpointsAndRoutesChange(Injection fault) {
    int requests = fault.figure();
    int changes = requests / 30;
    try (var weir = run();
        var load = Load.of(weir.http(), "busy.test", CLIENTS)) {
      for (int i = 0; i < changes; i++) {
        int due = requests / changes * i;
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> load.answered() >= due || !load.failures().isEmpty());
        if (i % 11 == 0) {
          changeRoutes();
        } else {
          changeEndpoints();
        }
        fault.count();
      }
      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .until(() -> load.answered() >= requests || !load.failures().isEmpty());
      finish(weir, load);
      assertThat(load.answered()).isGreaterThanOrEqualTo(requests);
    }
  }

  @Test
  @Tag("full")
  void aHundredThousandRequestsDuringAMinuteOfFiftyFiveChangesASecond() {
    int requests = 100_000;
    long begun = System.nanoTime();
    try (var weir = run();
        var changer = Executors.newSingleThreadScheduledExecutor();
        var load = Load.of(weir.http(), "busy.test", CLIENTS)) {
      var endpoints =
          changer.scheduleAtFixedRate(this::changeEndpoints, 20, 20, TimeUnit.MILLISECONDS);
      var routes = changer.scheduleAtFixedRate(this::changeRoutes, 200, 200, TimeUnit.MILLISECONDS);
      Awaitility.await()
          .atMost(Duration.ofMinutes(5))
          .until(
              () ->
                  !load.failures().isEmpty()
                      || (load.answered() >= requests
                          && endpointChanges.get() > 3000
                          && routeChanges.get() > 300));
      endpoints.cancel(false);
      routes.cancel(false);
      finish(weir, load);
      assertThat(load.answered()).isGreaterThanOrEqualTo(requests);
      System.out.printf(
          "churn: %d requests in %d s with %d endpoint and %d route changes: %d failed, %d"
              + " connections closed%n",
          load.answered(),
          (System.nanoTime() - begun) / 1_000_000_000,
          endpointChanges.get(),
          routeChanges.get(),
          load.failures().size(),
          load.closed());
    }
  }

  private void finish(WeirProcess weir, Load load) {
    weir.awaitStatus("side-" + (routeChanges.get() - 1) + ".test", "/", 200);
    int others = 0;
    load.close();
    assertThat(load.failures()).isEmpty();
    assertThat(load.closed()).isZero();
    assertThat(load.answered()).isEqualTo(load.sent());
    for (var pod : pods.all()) {
      others += pod.requests();
    }
    assertThat(others).as("requests that reached pods").isGreaterThanOrEqualTo(load.sent());
    assertThat(pods.all()).extracting(Backend::requests).allMatch(count -> count > 0);
  }
}
