package dev.weir.controller.source;

import static dev.weir.controller.source.ApiServerFixture.ingress;
import static dev.weir.controller.source.ApiServerFixture.until;
import static dev.weir.controller.source.ApiServerSourceTest.hostOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.Kind;
import dev.weir.e2e.apiserver.Faults;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerPermissionsTest {
  @TempDir private Path folder;

  @Test
  void withoutClassesAndNamespacesTheRestWorksAndAFindingSaysWhatIsOff() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("default", "shop", "a.example"));
      for (var resource : List.of("ingressclasses", "namespaces")) {
        fixture.server.faults().answer(Faults.on("list", resource), Faults.ALWAYS, 403);
      }
      fixture.start();
      fixture.awaitSynced();
      assertThat(hostOf(fixture, "shop")).isEqualTo("a.example");
      assertThat(fixture.delivered.findings())
          .anySatisfy(
              text ->
                  assertThat(text)
                      .startsWith("warning IngressClass *")
                      .contains(
                          "Not allowed to list ingressclasses",
                          "{apiGroups: [\"networking.k8s.io\"], resources: [\"ingressclasses\"],"
                              + " verbs: [\"list\", \"watch\"]}",
                          "no Ingress is chosen by its IngressClass's controller"))
          .anySatisfy(
              text ->
                  assertThat(text)
                      .startsWith("warning Namespace *")
                      .contains("{apiGroups: [\"\"], resources: [\"namespaces\"]"));
    }
  }

  @Test
  void aPermissionThatIsGivenLaterIsUsedAndItsFindingGoes() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
      fixture.server.faults().answer(Faults.on("list", "namespaces"), 3, 403);
      fixture.start();
      until(() -> fixture.delivered.count(Kind.NAMESPACE) == 1);
      until(() -> fixture.delivered.findings().isEmpty());
      assertThat(fixture.delivered.synced()).isEqualTo(1);
      assertThat(fixture.server.count("list", "namespaces")).isEqualTo(4);
    }
  }

  @Test
  void aNeededKindIsWaitedForAndTheRuleToAddIsNamed() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("list", "secrets"), Faults.ALWAYS, 403);
      var source = fixture.start("shop", Map.of());
      until(() -> fixture.server.count("list", "secrets") > 2);
      assertThat(fixture.delivered.synced()).isZero();
      assertThat(source.states())
          .filteredOn(state -> state.kind() == Kind.SECRET)
          .singleElement()
          .satisfies(
              state ->
                  assertThat(state.problem())
                      .contains(
                          "Not allowed to list secrets in namespace shop",
                          "a Role of namespace shop",
                          "{apiGroups: [\"\"], resources: [\"secrets\"], verbs: [\"list\","
                              + " \"watch\"]}"));
      assertThat(fixture.delivered.findings()).hasSize(1);
      fixture.server.faults().clear();
      fixture.awaitSynced();
      until(() -> fixture.delivered.findings().isEmpty());
    }
  }

  @Test
  void endpointsStandInForSlicesThatMayNotBeReadUntilTheyMay() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.SHORT)) {
      fixture.server.apply(
          "{apiVersion: v1, kind: Endpoints, metadata: {name: web, namespace: shop}}");
      fixture.server.apply(
          """
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata: {name: web-1, namespace: shop, labels: {kubernetes.io/service-name: web}}
          addressType: IPv4
          """);
      fixture.server.faults().answer(Faults.on("", "endpointslices"), Faults.ALWAYS, 403);
      fixture.start();
      fixture.awaitSynced();
      assertThat(fixture.delivered.names(Kind.ENDPOINTS)).containsExactly("shop/web");
      assertThat(fixture.delivered.findings())
          .singleElement()
          .satisfies(
              text ->
                  assertThat(text)
                      .startsWith("warning EndpointSlice *")
                      .contains(
                          "Not allowed to list endpointslices",
                          "{apiGroups: [\"discovery.k8s.io\"], resources: [\"endpointslices\"],"
                              + " verbs: [\"list\", \"watch\"]}",
                          "endpoints stand in for them"));
      fixture.server.faults().clear();
      until(() -> fixture.delivered.names(Kind.ENDPOINTS).equals(List.of("shop/web-1")));
      until(() -> fixture.delivered.findings().isEmpty());
    }
  }

  @Test
  void withoutSlicesAndEndpointsTheRuleForSlicesIsNamed() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      for (var resource : List.of("endpointslices", "endpoints")) {
        fixture.server.faults().answer(Faults.on("list", resource), Faults.ALWAYS, 403);
      }
      fixture.start();
      until(() -> fixture.server.count("list", "endpoints") > 1);
      assertThat(fixture.delivered.synced()).isZero();
      until(() -> fixture.delivered.findings().size() == 1);
      assertThat(fixture.delivered.findings().getFirst())
          .contains("Not allowed to list endpointslices");
    }
  }

  @Test
  void aPermissionThatIsTakenAwayTakesNothingBack() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
      fixture.start();
      fixture.awaitWatching();
      fixture.server.faults().answer(Faults.on("", "namespaces"), Faults.ALWAYS, 403);
      fixture.server.dropWatches("namespaces");
      until(() -> fixture.delivered.findings().size() == 1);
      assertThat(fixture.delivered.findings().getFirst())
          .containsPattern("Not allowed to (watch|list) namespaces");
      assertThat(fixture.delivered.names(Kind.NAMESPACE)).containsExactly("/shop");
      fixture.server.faults().clear();
      until(() -> fixture.delivered.findings().isEmpty());
    }
  }

  @Test
  void whatMayBeListedButNotWatchedIsListedAgainAndAgain() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("watch", "ingresses"), Faults.ALWAYS, 403);
      fixture.start();
      fixture.awaitSynced();
      for (int i = 0; i < 3; i++) {
        var host = "h" + i + ".example";
        fixture.server.apply(ingress("default", "shop", host));
        until(() -> hostOf(fixture, "shop").equals(host));
        until(() -> !fixture.delivered.findings().isEmpty());
        assertThat(fixture.delivered.findings())
            .singleElement()
            .satisfies(
                text -> assertThat(text).startsWith("error Ingress *").contains("watch ingresses"));
      }
      fixture.server.faults().clear();
      until(() -> fixture.delivered.findings().isEmpty());
      until(() -> fixture.server.openWatches("ingresses") == 1);
    }
  }

  @Test
  void whatOnlyFlagsNameElsewhereHoldsNothingUpWhereItMayNotBeRead() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.apply(ingress("shop", "web", "a.example"));
      fixture
          .server
          .faults()
          .answer(request -> request.namespace().equals("elsewhere"), Faults.ALWAYS, 403);
      fixture.start("shop", Map.of(Kind.SERVICE, Set.of("elsewhere")));
      fixture.awaitSynced();
      assertThat(fixture.delivered.names(Kind.INGRESS)).containsExactly("shop/web");
      assertThat(fixture.delivered.findings())
          .singleElement()
          .satisfies(
              text ->
                  assertThat(text)
                      .startsWith("warning Service elsewhere/*")
                      .contains("a Role of namespace elsewhere", "what flags name there"));
    }
  }

  @Test
  void settingsThatMayNotBeReadAreWaitedForWhereverTheyAre() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture
          .server
          .faults()
          .answer(request -> request.namespace().equals("elsewhere"), Faults.ALWAYS, 403);
      fixture.start("shop", Map.of(Kind.CONFIG_MAP, Set.of("elsewhere")));
      until(() -> fixture.delivered.findings().size() == 1);
      assertThat(fixture.delivered.synced()).isZero();
      fixture.server.faults().clear();
      fixture.awaitSynced();
    }
  }

  @Test
  void aClusterWithoutIngressClassesIsServed() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.serve("networking.k8s.io/v1", "ingresses");
      fixture.server.apply(ingress("default", "shop", "a.example"));
      fixture.start();
      fixture.awaitSynced();
      assertThat(hostOf(fixture, "shop")).isEqualTo("a.example");
      assertThat(fixture.delivered.findings())
          .singleElement()
          .satisfies(text -> assertThat(text).contains("the API server offers none in"));
    }
  }

  @Test
  void withoutTheRightToDiscoverTheNewestVersionIsTried() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("discover", ""), Faults.ALWAYS, 403);
      fixture.start();
      fixture.awaitWatching();
    }
  }

  @Test
  void refusedCredentialsAreSaidAndTriedAgain() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.server.faults().answer(Faults.on("list", "ingresses"), 4, 401);
      var source = fixture.start();
      until(() -> source.states().getFirst().problem().contains("HTTP status 401"));
      fixture.awaitWatching();
    }
  }
}
