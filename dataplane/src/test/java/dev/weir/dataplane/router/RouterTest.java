package dev.weir.dataplane.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.dataplane.model.PathMatch.Exact;
import dev.weir.dataplane.model.PathMatch.Prefix;
import dev.weir.dataplane.model.VirtualHost;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  private static Router<String> router(VirtualHost... hosts) {
    return Router.<String>empty(
            (host, route, previous) ->
                host.text()
                    + (route.match() instanceof PathMatch.Exact ? " = " : " ")
                    + route.match().path())
        .with(byPattern(List.of(hosts)), Set.of());
  }

  private static Map<HostPattern, VirtualHost> byPattern(Collection<VirtualHost> hosts) {
    var byPattern = new HashMap<HostPattern, VirtualHost>();
    hosts.forEach(host -> byPattern.put(host.pattern(), host));
    return byPattern;
  }

  @ParameterizedTest
  @CsvSource({
    "a.foo.com, a.foo.com /",
    "b.foo.com, *.foo.com /",
    "b_1-x.foo.com, *.foo.com /",
    "a.b.foo.com, * /",
    "foo.com, * /",
    "b~.foo.com, * /",
    "'', * /",
    "[::1], * /",
  })
  void anExactHostComesBeforeAWildcardOfOneLabelBeforeAllOthers(String host, String found) {
    var router =
        router(
            Tables.host("a.foo.com", new Prefix("/")),
            Tables.host("*.foo.com", new Prefix("/")),
            Tables.host("", new Prefix("/")));
    assertThat(router.find(host, "/x")).isEqualTo(found);
  }

  @Test
  void aHostKnownByNameNeverFallsThroughToAWildcardOrToAllOthers() {
    var router =
        router(
            Tables.host("a.foo.com", new Exact("/only")),
            Tables.host("*.foo.com", new Prefix("/")),
            Tables.host("", new Prefix("/")));
    assertThat(router.find("a.foo.com", "/other")).isNull();
    assertThat(router(Tables.host("a", new Prefix("/"))).find("b", "/")).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "/foo, h = /foo",
    "/foo/, h /foo/",
    "/foo/bar, h /foo/",
    "/foobar, h /",
    "/FOO, h /",
    "/aaa, h /aaa",
    "/aaa/, h /aaa",
    "/aaa/bbb, h /aaa/bbb",
    "/aaa/bbbc, h /aaa",
    "/, h = /",
    "/bar, h /",
  })
  void aPrefixMatchesByElementAndTheLongestWins(String path, String found) {
    var matches =
        new PathMatch[] {
          new Exact("/"),
          new Prefix("/"),
          new Exact("/foo"),
          new Prefix("/foo"),
          new Prefix("/foo/"),
          new Prefix("/aaa"),
          new Prefix("/aaa/bbb")
        };
    assertThat(router(Tables.host("h", matches)).find("h", path)).isEqualTo(found);
    var many = new PathMatch[matches.length + 100];
    System.arraycopy(matches, 0, many, 0, matches.length);
    for (int i = 0; i < 100; i++) {
      many[matches.length + i] = new Prefix("/other/" + i);
    }
    assertThat(router(Tables.host("h", many)).find("h", path)).isEqualTo(found);
  }

  @Test
  void oneChangedHostAmongTenThousandCopiesKilobytes() {
    var hosts = new HashMap<HostPattern, VirtualHost>();
    for (int i = 0; i < 10_000; i++) {
      var host = Tables.host("host-" + i + ".example.com", new Prefix("/"));
      hosts.put(host.pattern(), host);
    }
    var before = router().with(hosts, Set.of());
    var changed = Tables.host("host-77.example.com", new Prefix("/"), new Prefix("/new"));
    var after = before.with(Map.of(changed.pattern(), changed), Set.of());
    assertThat(notShared(before, after)).isEqualTo(new Copied(1, 1));
    var removed = before.with(Map.of(), Set.of(changed.pattern()));
    assertThat(notShared(before, removed)).isEqualTo(new Copied(1, 1));
    assertThat(removed.hosts()).isEqualTo(9_999);
    assertThat(removed.find("host-77.example.com", "/")).isNull();

    var change = Map.<HostPattern, VirtualHost>of(changed.pattern(), changed);
    long bytes = allocated(() -> before.with(change, Set.of()));
    assertThat(bytes).isLessThan(16_384);
  }

  @Test
  void anUnchangedHostChangesNothing() {
    var host = Tables.host("a", new Prefix("/"));
    var before = router(host);
    var after = before.with(Map.of(host.pattern(), Tables.host("a", new Prefix("/"))), Set.of());
    assertThat(notShared(before, after)).isEqualTo(new Copied(0, 0));
    assertThat(after.at(host.pattern())).isSameAs(before.at(host.pattern()));
  }

  @Test
  void aRefusedRouteLeavesTheRouterInUseAlone() {
    var host = Tables.host("a", new Prefix("/"));
    var router =
        Router.<String>empty(
            (pattern, route, previous) -> {
              if (route.match().path().equals("/bad")) {
                throw new IllegalStateException("no such upstream");
              }
              return "ok";
            });
    var serving = router.with(Map.of(host.pattern(), host), Set.of());
    var bad = Tables.host("a", new Prefix("/"), new Prefix("/bad"));
    assertThatThrownBy(() -> serving.with(Map.of(bad.pattern(), bad), Set.of()))
        .hasMessage("no such upstream");
    assertThat(serving.find("a", "/bad")).isEqualTo("ok");
    assertThat(serving.routes()).isEqualTo(1);
  }

  @Test
  void findingARouteAllocatesNothing() {
    var many = new PathMatch[100];
    for (int i = 0; i < many.length; i++) {
      many[i] = new Prefix("/api/" + i);
    }
    var router =
        router(
            Tables.host("few.example.com", new Prefix("/"), new Exact("/a"), new Prefix("/b/")),
            Tables.host("*.example.com", many));
    Runnable lookups =
        () -> {
          for (int i = 0; i < 1_000; i++) {
            check(router.find("few.example.com", "/b/c"), "few.example.com /b/");
            check(router.find("x.example.com", "/api/42/x"), "*.example.com /api/42");
            check(router.find("x.y.example.com", "/"), null);
          }
        };
    lookups.run();
    assertThat(allocated(lookups)).isLessThan(1_000);
  }

  private static void check(@Nullable String found, @Nullable String expected) {
    if (found == null ? expected != null : !found.equals(expected)) {
      throw new AssertionError(found);
    }
  }

  private static long allocated(Runnable work) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    work.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private record Copied(int groups, int shards) {}

  private static Copied notShared(Router<String> before, Router<String> after) {
    var known = new IdentityHashMap<Object, Object>();
    for (var group : before.exactHosts().groups()) {
      known.put(group, group);
      group.forEach(shard -> known.put(shard, shard));
    }
    int groups = 0;
    int shards = 0;
    for (var group : after.exactHosts().groups()) {
      groups += known.containsKey(group) ? 0 : 1;
      for (var shard : group) {
        shards += known.containsKey(shard) ? 0 : 1;
      }
    }
    return new Copied(groups, shards);
  }
}
