package dev.weir.e2e.folder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.harness.Ingress;
import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flags that choose what is served; and Services that are names. */
@TestInstance(Lifecycle.PER_CLASS)
class FlagsTest {
  private final Backend a = Backend.echo("a");
  private final Backend fallback = Backend.echo("fallback");
  private final ManifestFolder folder = ManifestFolder.withClass();
  private final WeirProcess weir;

  FlagsTest() {
    folder.write("services.yaml", Objects.service(a) + Objects.service(fallback) + names());
    folder.write(
        "ingresses.yaml",
        ofClass("none", "", "")
            + ofClass("annotated", "", "mine")
            + ofClass("other", "", "nginx")
            + ofClass("mine", "mine", "")
            + ofClass("nginx", "nginx", "")
            + """
            ---
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: mine}
            spec: {controller: example.com/mine}
            """
            + Ingress.named("elsewhere")
                .ofClass("")
                .host("elsewhere.test")
                .prefix("/", "a")
                .yaml()
                .replace("namespace: default", "namespace: elsewhere")
            + Ingress.named("name").ofClass("").host("name.test").prefix("/", "name").yaml()
            + Ingress.named("nowhere").ofClass("").host("nowhere.test").prefix("/", "gone").yaml()
            + Ingress.named("all").ofClass("").defaultBackend("a").yaml());
    weir =
        WeirProcess.run(
            "--manifests=" + folder.path(),
            "--default-backend-service=default/fallback",
            "--watch-ingress-without-class",
            "--watch-namespace=default",
            "--ingress-class=mine",
            "--controller-class=example.com/mine",
            "--disable-catch-all");
    weir.log().expect("nowhere.invalid");
  }

  private String names() {
    return externalName("name", "localhost") + externalName("gone", "nowhere.invalid");
  }

  private String externalName(String service, String name) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default}
    spec:
      type: ExternalName
      externalName: %s
      ports: [{port: 80, targetPort: %d}]
    """
        .formatted(service, name, a.port());
  }

  private static String ofClass(String name, String field, String annotation) {
    var ingress = Ingress.named(name).ofClass(field).host(name + ".test").prefix("/", "a");
    return (annotation.isEmpty()
            ? ingress
            : ingress.annotation("kubernetes.io/ingress.class", annotation))
        .yaml();
  }

  @AfterAll
  void close() {
    weir.close();
    a.close();
    fallback.close();
    folder.close();
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "none.test,      a",
    "annotated.test, a",
    "other.test,     fallback",
    "mine.test,      a",
    "nginx.test,     fallback",
    "elsewhere.test, fallback",
    "nobody.test,    fallback",
    "name.test,      a"
  })
  void whatTheFlagsChooseIsServed(String host, String backend) {
    weir.awaitBackend(host, "/", backend);
    assertThat(weir.get(host, "/").status()).isEqualTo(200);
  }

  @Test
  void aNameThatDoesNotResolveIs503() {
    weir.awaitStatus("nowhere.test", "/", 503);
  }
}
