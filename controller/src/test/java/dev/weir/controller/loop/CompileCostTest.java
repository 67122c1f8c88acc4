package dev.weir.controller.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.translate.HostResult;
import dev.weir.controller.translate.SettingsResult;
import dev.weir.controller.translate.Standing;
import dev.weir.controller.translate.TranslateOptions;
import dev.weir.controller.translate.UpstreamResult;
import dev.weir.dataplane.model.UpstreamId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A change compiles what depends on it, however large the cluster is. */
class CompileCostTest {
  private static final int INGRESSES = 2_000;

  private final Counting translation = new Counting();
  private final ClusterState state = new ClusterState(null);
  private int ways;
  private final Compilation compilation =
      new Compilation(translation, state, new FindingBook(), () -> ways++);
  private final AppliedTable table = new AppliedTable();

  private static final class Counting implements Translation {
    private final Translators translators = new Translators(TranslateOptions.DEFAULT);
    private int hosts;
    private int upstreams;

    @Override
    public HostResult host(String host, ClusterView view) {
      hosts++;
      return translators.host(host, view);
    }

    @Override
    public Standing standing(IngressResource ingress, ClusterView view) {
      return translators.standing(ingress, view);
    }

    @Override
    public UpstreamResult upstream(UpstreamId upstream, ClusterView view) {
      upstreams++;
      return translators.upstream(upstream, view);
    }

    @Override
    public SettingsResult settings(ClusterView view) {
      return translators.settings(view);
    }
  }

  @BeforeEach
  void fillCluster() {
    state.put(Objects.ingressClass());
    for (int i = 0; i < INGRESSES; i++) {
      state.put(ingress(i, "/"));
      state.put(Objects.service("shop", "web" + i, 1));
      state.put(Objects.endpoints("shop", "web" + i + "-x", "web" + i, List.of("10.0.0.1")));
    }
    table.applied(table.difference(compilation, compilation.compileAll()));
    assertThat(table.hostCount()).isEqualTo(INGRESSES + 1);
    assertThat(table.upstreamCount()).isEqualTo(INGRESSES);
    translation.hosts = 0;
    translation.upstreams = 0;
  }

  private static IngressResource ingress(int i, String path) {
    return Objects.ingress(
        Objects.meta(Kind.INGRESS, "shop", "ing" + i, 1, i),
        List.of(Objects.rule("h" + i + ".example.com", path, "web" + i)),
        List.of());
  }

  @Test
  void trafficGoesFirstAgainAndAgainWhileAllIsCompiledAndNotForOneChange() {
    ways = 0;
    compilation.compileAll();
    int hosts = INGRESSES + 1;
    assertThat(translation.hosts).isEqualTo(hosts);
    assertThat(ways).isEqualTo(hosts / Compilation.UNITS_IN_A_ROW);
    compilation.compile(state.put(ingress(7, "/new")));
    assertThat(ways).isEqualTo(hosts / Compilation.UNITS_IN_A_ROW);
  }

  @Test
  void aNewIngressCompilesItsOwnHostAndUpstream() {
    var change = table.difference(compilation, compilation.compile(state.put(ingress(9_999, "/"))));
    assertThat(translation.hosts).isEqualTo(1);
    assertThat(translation.upstreams).isLessThanOrEqualTo(1);
    assertThat(change.hosts()).hasSize(1);
    assertThat(change.removedHosts()).isEmpty();
  }

  @Test
  void aWrittenStatusCompilesNothing() {
    var before = ingress(7, "/");
    var meta = before.meta();
    var written =
        new IngressResource(
            new Meta(
                meta.ref(),
                meta.created(),
                "2",
                meta.deleting(),
                meta.labels(),
                meta.annotations()),
            before.className(),
            before.defaultBackend(),
            before.tls(),
            before.rules(),
            List.of(LoadBalancerAddress.ofIp("192.0.2.7")));
    var changes = state.put(written);
    assertThat(changes).containsExactly(new Dependency.OnObject(written.key()));
    compilation.compile(changes);
    assertThat(translation.hosts + translation.upstreams).isZero();
  }

  @Test
  void aChangedPathChangesOneHostAndNoUpstream() {
    var change = table.difference(compilation, compilation.compile(state.put(ingress(7, "/new"))));
    assertThat(translation.hosts).isEqualTo(1);
    assertThat(translation.upstreams).isZero();
    assertThat(change.hosts()).hasSize(1);
    assertThat(change.upstreams()).isEmpty();
  }

  @Test
  void anEndpointChangeTouchesItsUpstreamOnly() {
    var slice = Objects.endpoints("shop", "web7-x", "web7", List.of("10.0.0.1", "10.0.0.2"));
    var change = table.difference(compilation, compilation.compile(state.put(slice)));
    assertThat(translation.hosts).isZero();
    assertThat(translation.upstreams).isEqualTo(1);
    assertThat(change.hosts()).isEmpty();
    assertThat(change.upstreams()).hasSize(1);
  }

  @Test
  void aRemovedIngressTakesItsHostAndUpstreamAway() {
    var change =
        table.difference(compilation, compilation.compile(state.remove(ingress(7, "/").key())));
    assertThat(translation.hosts).isZero();
    assertThat(change.removedHosts()).hasSize(1);
    assertThat(change.removedUpstreams()).hasSize(1);
  }

  @Test
  void anObjectThatNobodyAskedForCompilesNothing() {
    var change =
        table.difference(
            compilation, compilation.compile(state.put(Objects.service("elsewhere", "x", 1))));
    assertThat(translation.hosts + translation.upstreams).isZero();
    assertThat(change.isEmpty()).isTrue();
  }
}
