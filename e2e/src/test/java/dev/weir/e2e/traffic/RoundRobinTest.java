package dev.weir.e2e.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Each endpoint has its turn, whichever connection and event loop a request came by. */
class RoundRobinTest {
  @Test
  void everyEndpointGetsTheSameNumberOfRequests() throws Exception {
    try (var pods = new Backends();
        var site = three(pods)) {
      for (int i = 0; i < 100; i++) {
        assertThat(site.weir().get("three.test", "/").status()).isEqualTo(200);
      }
      try (var wire = site.wire()) {
        for (int i = 0; i < 200; i++) {
          assertThat(wire.get("three.test", "/").status()).isEqualTo(200);
        }
      }
      assertThat(pods.all()).extracting(Backend::requests).containsExactly(100, 100, 100);

      manyClients(site);
      assertThat(pods.all()).extracting(Backend::requests).containsExactly(300, 300, 300);
    }
  }

  private static Site three(Backends pods) {
    pods.echo("one");
    pods.echo("two");
    pods.echo("three");
    return Site.of(
        "", Objects.service("three", pods) + Objects.ingress("three", "three.test", "three"));
  }

  private static void manyClients(Site site) throws Exception {
    var clients = new ArrayList<Callable<Integer>>();
    for (int client = 0; client < 12; client++) {
      clients.add(() -> fifty(site));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answered : threads.invokeAll(clients)) {
        assertThat(answered.get()).isEqualTo(50);
      }
    }
  }

  private static int fifty(Site site) throws IOException {
    int answered = 0;
    try (var wire = site.wire()) {
      for (int i = 0; i < 50; i++) {
        answered += wire.get("three.test", "/").status() == 200 ? 1 : 0;
      }
    }
    return answered;
  }
}
