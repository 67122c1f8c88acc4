package dev.weir.e2e.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** What happens to a folder while the program runs. Each test has hosts and files of its own. */
@TestInstance(Lifecycle.PER_CLASS)
class ChangesTest {
  private final Backend a = Backend.echo("a");
  private final Backend b = Backend.echo("b");
  private final ManifestFolder folder = ManifestFolder.withClass();
  private final WeirProcess weir;

  ChangesTest() {
    folder.write("services.yaml", Objects.service(a) + Objects.service(b));
    weir = WeirProcess.run("--manifests=" + folder.path());
  }

  @AfterAll
  void close() {
    weir.close();
    a.close();
    b.close();
    folder.close();
  }

  @Test
  void aNewFileAnEditAndADeletionAreFollowed() {
    folder.write("edit.yaml", Objects.ingress("edit", "edit.test", "a"));
    weir.awaitBackend("edit.test", "/", "a");

    folder.write("edit.yaml", Objects.ingress("edit", "edit.test", "b"));
    weir.awaitBackend("edit.test", "/", "b");

    folder.delete("edit.yaml");
    weir.awaitStatus("edit.test", "/", 404);
  }

  @Test
  void aFileWrittenInPlaceIsFollowed() throws IOException {
    var file = folder.path().resolve("in-place.yaml");
    Files.writeString(file, Objects.ingress("in-place", "in-place.test", "a"));
    weir.awaitBackend("in-place.test", "/", "a");

    Files.writeString(file, Objects.ingress("in-place", "in-place.test", "b"));
    weir.awaitBackend("in-place.test", "/", "b");
  }

  @Test
  void aRenameKeepsItsObjectsAndANameThatIsNotReadEndsThem() {
    folder.write("one.yaml", Objects.ingress("rename", "rename.test", "a"));
    weir.awaitBackend("rename.test", "/", "a");

    folder.rename("one.yaml", "two.yaml");
    folder.write("marker.yaml", Objects.ingress("marker", "marker.test", "a"));
    weir.awaitBackend("marker.test", "/", "a");
    assertThat(weir.get("rename.test", "/").backend()).isEqualTo("a");

    folder.rename("two.yaml", "two.txt");
    weir.awaitStatus("rename.test", "/", 404);
  }

  @Test
  void foldersInsideAreReadAndFollowed() {
    folder.write("inner/deep.yaml", Objects.ingress("deep", "deep.test", "a"));
    weir.awaitBackend("deep.test", "/", "a");

    folder.write("inner/deep.yaml", Objects.ingress("deep", "deep.test", "b"));
    weir.awaitBackend("deep.test", "/", "b");
  }

  @Test
  void aSwappedLinkIsNoticed() throws IOException {
    var first = version("v1", "a");
    var second = version("v2", "b");
    folder.link("..data", first);
    folder.link("swap.yaml", Path.of("..data", "swap.yaml"));
    weir.awaitBackend("swap.test", "/", "a");

    folder.link("..data", second);
    weir.awaitBackend("swap.test", "/", "b");
  }

  private Path version(String name, String service) throws IOException {
    var made = Files.createDirectory(folder.beside().resolve(name));
    Files.writeString(made.resolve("swap.yaml"), Objects.ingress("swap", "swap.test", service));
    return made;
  }

  @Test
  void aBrokenFileKeepsItsLastGoodVersionAndIsReportedWithItsPlace() {
    folder.write("broken.yaml", Objects.ingress("broken", "broken.test", "a"));
    weir.awaitBackend("broken.test", "/", "a");

    folder.write(
        "broken.yaml", Objects.ingress("broken", "broken.test", "b") + "  - {nonsense: [\n");
    weir.log().await("broken.yaml:");
    assertThat(weir.get("broken.test", "/").backend()).isEqualTo("a");
    assertThat(weir.admin("/healthz?verbose").text()).containsPattern("broken\\.yaml:\\d+:\\d+");
    assertThat(weir.admin("/healthz").status()).isEqualTo(200);

    folder.write("broken.yaml", Objects.ingress("broken", "broken.test", "b"));
    weir.awaitBackend("broken.test", "/", "b");
    WeirProcess.eventually(
        "a clean report",
        () -> weir.admin("/healthz?verbose").text(),
        text -> !text.contains("broken.yaml"));
  }

  @Test
  void aBadObjectHurtsNoOther() {
    var bad =
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: bad, namespace: default}
        spec:
          ingressClassName: nginx
          rules: [{host: "not a host", http: {paths: 17}}]
        """;
    folder.write("mixed.yaml", bad + Objects.ingress("good", "good.test", "a"));

    weir.awaitBackend("good.test", "/", "a");
    assertThat(weir.admin("/debug/routes").text()).contains("default/bad");
    assertThat(weir.log().lines("default/bad")).hasSize(1);
  }

  @Test
  void listsAndJsonAndOldVersionsAreRead() {
    folder.write(
        "dump.json",
        """
        {"apiVersion": "v1", "kind": "List", "items": [
          {"apiVersion": "networking.k8s.io/v1beta1", "kind": "Ingress",
           "metadata": {"name": "beta", "namespace": "default",
             "annotations": {"kubernetes.io/ingress.class": "nginx"}},
           "spec": {"rules": [{"host": "beta.test", "http": {"paths": [
             {"path": "/", "backend": {"serviceName": "a", "servicePort": 80}}]}}]}},
          {"apiVersion": "extensions/v1beta1", "kind": "Ingress",
           "metadata": {"name": "extension", "namespace": "default",
             "annotations": {"kubernetes.io/ingress.class": "nginx"}},
           "spec": {"rules": [{"host": "extension.test", "http": {"paths": [
             {"backend": {"serviceName": "old", "servicePort": "web"}}]}}]}},
          {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "old", "namespace": "default"},
           "spec": {"ports": [{"name": "web", "port": 8000, "targetPort": 1}]}},
          {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "old", "namespace": "default"},
           "subsets": [{"addresses": [{"ip": "127.0.0.1"}], "ports": [{"name": "web", "port": %d}]}]}
        ]}
        """
            .formatted(b.port()));

    weir.awaitBackend("beta.test", "/", "a");
    weir.awaitBackend("extension.test", "/any", "b");
  }

  @Test
  void endpointsThatComeAndGoAreFollowed() {
    folder.write(
        "late.yaml", Objects.serviceAlone("late") + Objects.ingress("late", "late.test", "late"));
    weir.awaitStatus("late.test", "/", 503);

    folder.write("late-slice.yaml", Objects.endpoints("late", List.of(a.address()), a.port()));
    weir.awaitBackend("late.test", "/", "a");

    folder.delete("late-slice.yaml");
    weir.awaitStatus("late.test", "/", 503);
  }

  @Test
  void theDefaultBackendOfAnIngressWithoutRulesIsTheCatchAllWhileItIsThere() {
    assertThat(weir.get("catch.test", "/").status()).isEqualTo(404);

    folder.write("catch-all.yaml", Ingress.named("catch-all").defaultBackend("a").yaml());
    weir.awaitBackend("catch.test", "/any", "a");

    folder.write("catch-all.yaml", Ingress.named("no-host").host("").prefix("/only", "b").yaml());
    weir.awaitBackend("catch.test", "/only", "b");
    assertThat(weir.get("catch.test", "/else").status()).isEqualTo(404);

    folder.delete("catch-all.yaml");
    weir.awaitStatus("catch.test", "/only", 404);
  }
}
