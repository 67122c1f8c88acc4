package dev.weir.dataplane.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.VirtualHost;
import dev.weir.testsupport.Seed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterPropertyTest {
  private final long seed = Seed.get();
  private final Random random = new Random(seed);
  private final Tables tables = new Tables(random);

  private static Route record(HostPattern host, Route route, @Nullable Route previous) {
    return route;
  }

  private static Router<Route> build(Map<HostPattern, VirtualHost> table) {
    return Router.<Route>empty(RouterPropertyTest::record).with(table, Set.of());
  }

  /** 8 routes and fewer are scanned, more are hashed: both must agree with the reference. */
  @ParameterizedTest
  @ValueSource(ints = {3, 9, 60})
  void everyRequestFindsTheRouteThatTheSlowReferenceFinds(int mostRoutes) {
    int found = 0;
    for (int round = 0; round < 400; round++) {
      var table = tables.table(20, mostRoutes);
      var router = build(table);
      for (int request = 0; request < 50; request++) {
        var host = tables.name();
        var path = tables.requestPath();
        var expected = Tables.slowFind(table, host, path);
        assertThat(router.find(host, path))
            .as("seed %d host %s path %s table %s", seed, host, path, table)
            .isSameAs(expected);
        found += expected == null ? 0 : 1;
      }
    }
    assertThat(found).isGreaterThan(3_000);
  }

  @Test
  void aSequenceOfChangesGivesWhatAFreshBuildGives() {
    for (int round = 0; round < 100; round++) {
      var router = Router.<Route>empty(RouterPropertyTest::record);
      var table = new TreeMap<HostPattern, VirtualHost>();
      for (int change = 0; change < 20; change++) {
        var put = tables.table(5, 12);
        var removed = new HashSet<HostPattern>();
        for (int i = random.nextInt(4); i > 0; i--) {
          removed.add(tables.pattern());
        }
        router = router.with(put, removed);
        table.keySet().removeAll(removed);
        table.putAll(put);
        var fresh = build(table);
        assertThat(router.virtualHosts()).as("seed %d", seed).isEqualTo(table);
        assertThat(router.hosts()).isEqualTo(table.size()).isEqualTo(fresh.hosts());
        assertThat(router.routes())
            .isEqualTo(fresh.routes())
            .isEqualTo(table.values().stream().mapToInt(host -> host.routes().size()).sum());
        for (int request = 0; request < 20; request++) {
          var host = tables.name();
          var path = tables.path();
          assertThat(router.find(host, path))
              .as("seed %d host %s path %s", seed, host, path)
              .isEqualTo(fresh.find(host, path));
        }
      }
    }
  }

  /** What hangs on a route survives every change that leaves the route's record alone. */
  @Test
  void anUnchangedRouteKeepsItsCompiledObject() {
    record Compiled(Route route, @Nullable Object previous) {}
    var router = Router.<Compiled>empty((host, route, previous) -> new Compiled(route, previous));
    var known = new HashMap<String, Compiled>();
    for (int change = 0; change < 300; change++) {
      router = router.with(tables.table(4, 12), Set.of());
      var now = new HashMap<String, Compiled>();
      for (var host : router.virtualHosts().values()) {
        var routes = router.at(host.pattern());
        assertThat(routes).isNotNull();
        for (int i = 0; i < host.routes().size(); i++) {
          var compiled = routes.at(i);
          var id = host.pattern().text() + host.routes().get(i).match();
          var before = known.get(id);
          assertThat(compiled.route()).isEqualTo(host.routes().get(i));
          if (before != null && before.route().equals(compiled.route())) {
            assertThat(compiled).as("seed %d %s", seed, id).isSameAs(before);
          } else {
            assertThat(compiled.previous()).as("seed %d %s", seed, id).isSameAs(before);
          }
          now.put(id, compiled);
        }
      }
      known.clear();
      known.putAll(now);
    }
  }
}
