package dev.weir.controller.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.ClusterState;
import dev.weir.controller.resource.Dependency;
import dev.weir.controller.resource.IngressClassResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.LoadBalancerAddress;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.translate.TranslateOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewsDeskTest {
  private static final ObjectKey SERVICE = new ObjectKey(Kind.SERVICE, "one", "proxy");

  private final ClusterState state = new ClusterState(null);
  private final NewsDesk desk =
      new NewsDesk(
          new Interest(true, Set.of(SERVICE)), new Translators(TranslateOptions.DEFAULT), state);

  private static IngressResource ingress(String host, String... addresses) {
    var plain =
        Objects.ingress(
            Objects.meta(Kind.INGRESS, "one", "shop", 1, 0),
            List.of(Objects.rule(host, "/", "web")),
            List.of());
    return new IngressResource(
        plain.meta(),
        plain.className(),
        plain.defaultBackend(),
        plain.tls(),
        plain.rules(),
        List.of(addresses).stream().map(LoadBalancerAddress::ofIp).toList());
  }

  @SafeVarargs
  private List<News> news(Set<Dependency>... changes) {
    var all = new HashSet<Dependency>();
    for (var change : changes) {
      all.addAll(change);
    }
    return desk.news(all);
  }

  @Test
  void atFirstEverythingThatIsThereIsTold() {
    var shop = ingress("shop.example.com");
    state.put(Objects.ingressClass());
    state.put(shop);
    assertThat(news())
        .containsExactly(new News.ObjectMissing(SERVICE), new News.IngressIs(shop, true, true));
    assertThat(news()).isEmpty();
  }

  @Test
  void aClassThatComesAndGoesMakesAnIngressOursAndNot() {
    var shop = ingress("shop.example.com");
    state.put(shop);
    assertThat(news()).containsExactly(new News.ObjectMissing(SERVICE));
    assertThat(news(state.put(Objects.ingressClass())))
        .containsExactly(new News.IngressIs(shop, true, true));
    var theirs =
        new IngressClassResource(Objects.ingressClass().meta(), "example.com/other-controller");
    assertThat(news(state.put(theirs))).containsExactly(new News.IngressLeft(shop.key()));
    assertThat(news(state.remove(shop.key()))).isEmpty();
  }

  @Test
  void aStatusIsToldAsWhatItIs() {
    state.put(Objects.ingressClass());
    news();
    news(state.put(ingress("shop.example.com")));
    var written = ingress("shop.example.com", "192.0.2.7");
    assertThat(news(state.put(written))).containsExactly(new News.IngressIs(written, true, false));
    var other = ingress("other.example.com", "192.0.2.7");
    assertThat(news(state.put(other))).containsExactly(new News.IngressIs(other, true, true));
    assertThat(news(state.remove(other.key()))).containsExactly(new News.IngressLeft(other.key()));
  }

  @Test
  void singleObjectsAreToldOfWhenTheyComeChangeAndGo() {
    news();
    var service = Objects.service("one", "proxy", 1);
    assertThat(news(state.put(service))).containsExactly(new News.ObjectIs(service, true));
    var again = Objects.service("one", "proxy", 2);
    assertThat(news(state.put(again), state.put(Objects.service("one", "web", 1))))
        .containsExactly(new News.ObjectIs(again, false));
    assertThat(news(state.remove(SERVICE))).containsExactly(new News.ObjectMissing(SERVICE));
    assertThat(news(state.put(Objects.configMap("one", "map", Map.of())))).isEmpty();
  }
}
