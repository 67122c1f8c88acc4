package dev.weir.controller.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.tls.SelfSignedCertificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happened in whatever order: the table is what a compile of the whole cluster gives. */
class IncrementalCompileTest {
  private static final ObjectKey SETTINGS = Objects.key(Kind.CONFIG_MAP, "weir", "weir");
  private static final List<String> HOSTS =
      List.of(
          "a.example.com",
          "b.example.com",
          "*.example.com",
          "example.com",
          "www.example.com",
          "other.org",
          "");
  private static final List<Map.Entry<String, String>> OTHER_NAMES =
      List.of(
          Map.entry("server-alias", "other.org, alias.test"),
          Map.entry("server-alias", "alias.test, www.example.com, *.alias.test, ~^x[0-9]"),
          Map.entry("server-alias", "*.example.com, alias.*"),
          Map.entry("server-alias", "~(bad"),
          Map.entry("from-to-www-redirect", "true"),
          Map.entry("from-to-www-redirect", "nonsense"),
          Map.entry("rewrite-target", "/$1"),
          Map.entry("use-regex", "true"),
          Map.entry("custom-headers", "one/fields"),
          Map.entry("app-root", "/foo"));
  private static final List<String> NAMESPACES = List.of("one", "two");
  private static final List<String> SERVICES = List.of("web", "api");
  private static final List<String> PATHS =
      List.of("/", "/foo", "/foo/", "/foo/bar", "/%66oo", "/(.*)");
  private static final List<Map<String, SecretBytes>> PAIRS =
      List.of(
          Objects.pair("a.example.com"),
          Objects.pair("*.example.com"),
          Objects.pair("unrelated.test"),
          Map.of("tls.crt", SecretBytes.of(new byte[] {1}), "tls.key", SecretBytes.of(new byte[0])),
          Map.of());

  private final Translators translation = new Translators(options());
  private final ClusterState state = new ClusterState(SETTINGS);
  private final Map<ObjectKey, Resource> present = new HashMap<>();
  private final FindingBook findings = new FindingBook();
  private final Compilation incremental = new Compilation(translation, state, findings, () -> {});
  private final AppliedTable table = new AppliedTable();

  private static TranslateOptions options() {
    var defaults = TranslateOptions.DEFAULT;
    return new TranslateOptions(
        defaults.classes(),
        defaults.namespaces(),
        new TranslateOptions.References(
            Optional.of(SETTINGS),
            Optional.of(Objects.key(Kind.SERVICE, "one", "fallback")),
            Optional.of(Objects.key(Kind.SECRET, "one", "cert0")),
            Optional.of(SelfSignedCertificate.forDefault(Clock.systemUTC()))),
        defaults.switches(),
        defaults.annotationsPrefix(),
        defaults.healthCheckPath());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void anySequenceOfEventsGivesWhatAFullCompileGives(long seed) {
    var random = new Random(seed);
    put(Objects.ingressClass());
    table.applied(table.difference(incremental, incremental.compileAll()));
    for (int step = 0; step < 250; step++) {
      var changes = new HashSet<Dependency>();
      for (int n = random.nextInt(3); n >= 0; n--) {
        changes.addAll(change(random));
      }
      table.applied(table.difference(incremental, incremental.compile(changes)));
      if (step % 5 == 0 || step > 240) {
        compareWithFullCompile("seed " + seed + ", step " + step);
      }
    }
    assertThat(incremental.faults()).isZero();
  }

  private void compareWithFullCompile(String where) {
    var fresh = new ClusterState(SETTINGS);
    present.values().forEach(fresh::put);
    var freshFindings = new FindingBook();
    var full = new Compilation(translation, fresh, freshFindings, () -> {});
    var expected = new AppliedTable();
    expected.applied(expected.difference(full, full.compileAll()));
    assertThat(table.table()).as(where).isEqualTo(expected.table());
    assertThat(findings.all()).as(where).isEqualTo(freshFindings.all());
    assertThat(table.routeCount()).as(where).isEqualTo(expected.routeCount());
    assertThat(table.difference(full, full.compileAll()).isEmpty()).as(where).isTrue();
  }

  private Set<Dependency> put(Resource resource) {
    var kept = SecretKeeper.keep(state.get(resource.key()), resource);
    present.put(kept.key(), kept);
    return state.put(kept);
  }

  private Set<Dependency> change(Random random) {
    if (random.nextInt(5) == 0 && !present.isEmpty()) {
      var keys = new ArrayList<>(present.keySet());
      keys.sort(Comparator.comparing(ObjectKey::toString));
      var key = keys.get(random.nextInt(keys.size()));
      present.remove(key);
      return state.remove(key);
    }
    return put(object(random));
  }

  private static Resource object(Random random) {
    var namespace = pick(random, NAMESPACES);
    return switch (random.nextInt(15)) {
      case 0 -> Objects.ingressClass();
      case 1 -> Objects.namespace(namespace, random.nextInt(3) == 0);
      case 2, 3 -> Objects.service(namespace, pick(random, SERVICES), random.nextInt(2));
      case 4 -> Objects.service("one", "fallback", random.nextInt(2));
      case 5, 6 ->
          Objects.endpoints(
              namespace,
              "slice" + random.nextInt(3),
              pick(random, SERVICES),
              List.of("10.0.0." + random.nextInt(5), "10.0.1." + random.nextInt(5)));
      case 7, 8 ->
          Objects.tlsSecret(
              namespace, "cert" + random.nextInt(2), random.nextInt(2), pick(random, PAIRS));
      case 9 -> Objects.settings(someSettings(random));
      case 10 ->
          Objects.configMap(
              namespace, "fields", Map.of("X-A", "v" + random.nextInt(3), "Connection", "x"));
      default -> ingress(random, namespace);
    };
  }

  private static Map<String, String> someSettings(Random random) {
    var settings = new HashMap<String, String>();
    if (random.nextBoolean()) {
      settings.put("proxy-body-size", random.nextInt(3) + "m");
    }
    if (random.nextBoolean()) {
      settings.put("ssl-redirect", random.nextBoolean() ? "false" : "maybe");
    }
    if (random.nextBoolean()) {
      settings.put("use-port-in-redirects", "true");
    }
    if (random.nextBoolean()) {
      settings.put("http-redirect-code", "301");
      settings.put("hsts-max-age", Integer.toString(random.nextInt(3)));
    }
    if (random.nextBoolean()) {
      settings.put("add-headers", pick(random, NAMESPACES) + "/fields");
      settings.put("proxy-set-headers", pick(random, NAMESPACES) + "/fields");
    }
    return settings;
  }

  private static Resource ingress(Random random, String namespace) {
    var rules = new ArrayList<IngressResource.Rule>();
    for (int n = random.nextInt(3); n >= 0; n--) {
      rules.add(Objects.rule(pick(random, HOSTS), pick(random, PATHS), pick(random, SERVICES)));
    }
    var tls = new ArrayList<IngressResource.Tls>();
    if (random.nextInt(3) == 0) {
      tls.add(
          new IngressResource.Tls(
              random.nextBoolean() ? List.of(pick(random, HOSTS)) : List.of(),
              "cert" + random.nextInt(3)));
    }
    var notes = new HashMap<String, String>();
    if (random.nextInt(4) == 0) {
      notes.put(
          "nginx.ingress.kubernetes.io/"
              + pick(
                  random, List.of("auth-type", "proxy-body-size", "canary", "force-ssl-redirect")),
          pick(random, List.of("basic", "true", "8m", "nonsense")));
    }
    if (random.nextInt(2) == 0) {
      var name = pick(random, OTHER_NAMES);
      notes.put("nginx.ingress.kubernetes.io/" + name.getKey(), name.getValue());
    }
    var meta =
        Objects.meta(
            Kind.INGRESS,
            namespace,
            "ing" + random.nextInt(5),
            random.nextInt(2),
            random.nextInt(4),
            notes);
    return Objects.ingress(meta, rules, tls);
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
