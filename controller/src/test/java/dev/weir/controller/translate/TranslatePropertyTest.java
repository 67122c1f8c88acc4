package dev.weir.controller.translate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.IngressResource.Backend;
import dev.weir.controller.resource.IngressResource.Path;
import dev.weir.controller.resource.IngressResource.PathType;
import dev.weir.controller.resource.IngressResource.PortRef;
import dev.weir.controller.resource.IngressResource.Rule;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Resource;
import dev.weir.dataplane.model.HostPattern;
import dev.weir.dataplane.model.PathMatch;
import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TranslatePropertyTest {
  private static final int CLUSTERS = 3_000;
  private static final int CORRUPTIONS = 500;
  private static final TranslateOptions OPTIONS = withoutClass();

  private static TranslateOptions withoutClass() {
    var byDefault = TranslateOptions.DEFAULT;
    return new TranslateOptions(
        new TranslateOptions.Classes("k8s.io/ingress-nginx", "nginx", false, true),
        byDefault.namespaces(),
        byDefault.references(),
        byDefault.switches(),
        byDefault.annotationsPrefix(),
        byDefault.healthCheckPath());
  }

  private static ClusterState state(List<? extends Resource> objects) {
    var state = new ClusterState(null);
    objects.forEach(state::put);
    return state;
  }

  @Test
  void theOrderInWhichObjectsArriveMakesNoDifference() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int i = 0; i < CLUSTERS; i++) {
      var objects = new ArrayList<>(new RandomCluster(random).objects());
      var one = WholeTranslation.of(state(objects), OPTIONS);
      Collections.shuffle(objects, random);
      var other = WholeTranslation.of(state(objects), OPTIONS);
      assertThat(other.table()).as("seed %d, cluster %d", seed, i).isEqualTo(one.table());
      assertThat(other.findings()).isEqualTo(one.findings());
    }
  }

  @Test
  void everyHostHasARootAndItsRoutesInOrder() {
    long seed = Seed.get();
    var random = new Random(seed);
    for (int i = 0; i < CLUSTERS; i++) {
      var whole = WholeTranslation.of(state(new RandomCluster(random).objects()), OPTIONS);
      for (var host : whole.table().hosts().values()) {
        var matches = host.routes().stream().map(route -> route.match()).toList();
        assertThat(matches)
            .as("seed %d, cluster %d", seed, i)
            .anyMatch(match -> !(match instanceof PathMatch.Exact) && match.path().equals("/"))
            .isSorted()
            .doesNotHaveDuplicates();
      }
    }
  }

  @Test
  void aCorruptedIngressChangesNoOtherHost() {
    long seed = Seed.get();
    var random = new Random(seed);
    var corrupted = new CorruptedIngress(random);
    var objects = new ArrayList<Resource>(List.of(RandomCluster.service("default", "web")));
    for (int i = 0; i < 20; i++) {
      objects.add(plain("sound" + i, "h" + i + ".example.com", "web"));
    }
    var before = hosts(state(objects));
    for (int i = 0; i < CORRUPTIONS; i++) {
      var state = state(objects);
      state.put(corrupted.make("corrupted", "corrupted.example.com"));
      var after = hosts(state);
      // Besides its own host there may be other names of it.
      after.keySet().retainAll(before.keySet());
      assertThat(after).as("seed %d, corruption %d", seed, i).isEqualTo(before);
    }
  }

  private static Map<HostPattern, ?> hosts(ClusterState state) {
    var hosts = new TreeMap<>(WholeTranslation.of(state, OPTIONS).table().hosts());
    hosts.remove(new HostPattern.Any());
    return hosts;
  }

  @Test
  void anIngressWhoseTranslationFailsLosesOnlyItsOwnRules() {
    var state =
        state(
            List.of(
                RandomCluster.service("default", "web"),
                plain("bad", "shop.example.com", "explodes"),
                plain("good", "shop.example.com", "web")));
    var view = new ExplodingView(state, "explodes");
    var whole = WholeTranslation.of(view, new HashSet<>(state.hosts()), OPTIONS);
    assertThat(whole.text()).contains("-> default/web:80  from default/good");
    assertThat(whole.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.object().toString()).isEqualTo("Ingress default/bad");
              assertThat(finding.message()).startsWith("can't be translated and is not served");
            });
  }

  private static IngressResource plain(String name, String host, String service) {
    var backend = new Backend.OfService(service, new PortRef.Number(80));
    return new IngressResource(
        RandomCluster.meta(Kind.INGRESS, "default", name, 0, false, Map.of()),
        "",
        Optional.empty(),
        List.of(),
        List.of(new Rule(host, List.of(new Path("/", PathType.PREFIX, backend, "path")))));
  }
}
