package dev.weir.controller.source;

import static dev.weir.controller.source.ApiServerFixture.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.e2e.apiserver.FakeApiServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerAccessTest {
  @TempDir private Path folder;

  @Test
  void aMissingKubeconfigIsSaid() {
    assertThatThrownBy(() -> open(ApiServerOptions.of(folder + "/absent")))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("--kubeconfig", "/absent", "can't be read");
  }

  @Test
  void aKubeconfigThatIsNoneIsSaid() throws Exception {
    for (var text : new String[] {"{[", "just text", "", "[1, 2]", "clusters: 7"}) {
      var file = Files.writeString(folder.resolve("kubeconfig"), text);
      assertThatThrownBy(() -> open(ApiServerOptions.of(file.toString())))
          .as(text)
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("--kubeconfig, " + file);
    }
  }

  @Test
  void aKubeconfigWithoutCurrentContextIsSaid() throws Exception {
    var file =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443"}}]
            """);
    assertThatThrownBy(() -> open(ApiServerOptions.of(file.toString())))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("has no current context");
  }

  @Test
  void aBrokenCertificateIsSaid() throws Exception {
    var file =
        Files.writeString(
            folder.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:6443",
              certificate-authority-data: Z2FyYmFnZQ==}}]
            contexts: [{name: x, context: {cluster: c}}]
            current-context: x
            """);
    assertThatThrownBy(() -> open(ApiServerOptions.of(file.toString())))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("can't be used", file.toString());
  }

  @Test
  void outsideAPodWithoutFlagsTheWayOutIsSaid() {
    assertThatThrownBy(() -> open(ApiServerOptions.of("")))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("--kubeconfig FILE", "--manifests DIR");
  }

  @Test
  void aHostThatIsNoAddressIsSaid() {
    var options = new ApiServerOptions("", "http://", "", "", Map.of());
    assertThatThrownBy(() -> open(options)).isInstanceOf(SourceException.class);
  }

  @Test
  void aPodWithoutTokenIsSaid() {
    var environment = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertThatThrownBy(() -> ApiServerAccess.open(ApiServerOptions.of(""), environment, folder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("automountServiceAccountToken");
  }

  @Test
  void aPodsTokenIsReadAgainWhenItIsReplaced() throws Exception {
    try (var server = FakeApiServer.started()) {
      var token = Files.writeString(folder.resolve("token"), "first\n");
      var environment = Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1");
      // The address of a pod is always HTTPS; the flag leads to the test's server.
      var options = new ApiServerOptions("", server.url(), "", "", Map.of());
      try (var access = ApiServerAccess.open(options, environment, folder)) {
        var source = new ApiServerSource(access, options, ApiServerFixture.SHORT);
        var delivered = new Delivered();
        source.start(delivered);
        until(() -> delivered.synced() == 1);
        assertThat(server.requests("list", "ingresses").getFirst().headers())
            .containsEntry("authorization", "Bearer first");
        Files.writeString(token, "second\n");
        until(
            () ->
                server.requests("watch", "ingresses").stream()
                    .anyMatch(
                        watch -> "Bearer second".equals(watch.headers().get("authorization"))));
        source.close();
      }
    }
  }

  @Test
  void aKubeconfigsTokenIsSent() throws Exception {
    try (var fixture = new ApiServerFixture(folder, ApiServerFixture.LONG_WATCHES)) {
      fixture.start();
      fixture.awaitSynced();
      assertThat(fixture.server.requests("list", "ingresses").getFirst().headers())
          .containsEntry("authorization", "Bearer test-token")
          .containsEntry("user-agent", "weir");
    }
  }

  private static ApiServerAccess open(ApiServerOptions options) throws SourceException {
    return ApiServerAccess.open(options, Map.of(), Path.of("/nonexistent"));
  }
}
