package dev.weir.controller.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.ServiceResource.Type;
import dev.weir.controller.source.SourceBatch.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The manifests that come with Weir, as the folder source reads them. */
final class ShippedManifestsTest {
  private static final Path MANIFESTS = Path.of("..", "manifests");

  @ParameterizedTest
  @ValueSource(strings = {"demo", "examples"})
  void everyFileIsUnderstoodWithoutFindings(String folder) throws IOException {
    var batch = new FolderState(MANIFESTS.resolve(folder)).first();

    assertThat(batch.findings()).isEmpty();
    assertThat(batch.changes()).hasSizeGreaterThan(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "examples"})
  void everyFileBeginsWithACommentForItsReader(String folder) throws IOException {
    try (Stream<Path> files = Files.list(MANIFESTS.resolve(folder))) {
      assertThat(files).allSatisfy(file -> assertThat(Files.readString(file)).startsWith("# "));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "examples"})
  void everyBackendIsAServiceWithEndpoints(String folder) throws IOException {
    var services = new HashSet<String>();
    var served = new HashSet<String>();
    var asked = new ArrayList<String>();
    for (var change : new FolderState(MANIFESTS.resolve(folder)).first().changes()) {
      switch (((Change.Put) change).resource()) {
        case ServiceResource service -> {
          services.add(service.key().name());
          if (service.type() == Type.EXTERNAL_NAME) {
            served.add(service.key().name());
          }
        }
        case EndpointsResource endpoints -> served.add(endpoints.service());
        case IngressResource ingress -> asked.addAll(backends(ingress));
        default -> {}
      }
    }

    assertThat(services).containsAll(asked);
    assertThat(served).containsAll(asked);
  }

  @Test
  void theDisruptionBudgetNamesItsPods() throws IOException {
    assertThat(Files.readString(MANIFESTS.resolve("deployment/poddisruptionbudget.yaml")))
        .contains("selector:", "app.kubernetes.io/name: weir");
  }

  private static List<String> backends(IngressResource ingress) {
    return Stream.concat(
            ingress.defaultBackend().stream(),
            ingress.rules().stream()
                .flatMap(rule -> rule.paths().stream())
                .map(IngressResource.Path::backend))
        .map(backend -> ((IngressResource.Backend.OfService) backend).service())
        .toList();
  }
}
