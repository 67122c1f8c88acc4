package dev.weir.e2e.space;

import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What is shipped for installing Weir: overlays for kustomize, and what the chart renders. */
final class Shipped {
  private static final Path ROOT = WeirProcess.home().resolve("../../..").normalize();

  private Shipped() {}

  /** A file or folder of the manifests. */
  static Path manifest(String path) {
    return ROOT.resolve("manifests").resolve(path);
  }

  /** An overlay, as kubectl's own kustomize writes it out. */
  static String overlay(RealApiServer api, String name) {
    return api.kubectl("kustomize", manifest(name).toString());
  }

  /** An overlay with components. */
  static String overlay(RealApiServer api, String name, List<String> components) {
    try {
      var folder = Files.createTempDirectory("weir-overlay-").toRealPath();
      var file = folder.resolve("kustomization.yaml");
      try {
        Files.writeString(
            file,
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [%s]
            components: [%s]
            """
                .formatted(
                    relative(folder, name),
                    String.join(", ", components.stream().map(c -> relative(folder, c)).toList())));
        return api.kubectl("kustomize", folder.toString());
      } finally {
        Files.delete(file);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String relative(Path folder, String name) {
    return folder.relativize(manifest(name)).toString();
  }

  /** The names of the cases that the chart's own test renders. */
  static List<String> charts() throws IOException {
    try (var cases = Files.list(ROOT.resolve("controller/src/test/resources/chart"))) {
      return cases.map(folder -> folder.getFileName().toString()).sorted().toList();
    }
  }

  /** What the chart renders, in the namespace ingress; certificates are none. */
  static String chart(String name) throws IOException {
    var file = ROOT.resolve("controller/src/test/resources/chart").resolve(name);
    return Files.readString(file.resolve("rendered.yaml")).replaceAll("(?m)^ +caBundle: .*\\R", "");
  }

  /** The image's entrypoint, as its Dockerfile has it, without the cache that a build makes. */
  static List<String> entrypoint() throws IOException {
    var line =
        Files.readAllLines(ROOT.resolve("Dockerfile")).stream()
            .filter(text -> text.startsWith("ENTRYPOINT "))
            .findFirst()
            .orElseThrow();
    return List.of(
            line.substring("ENTRYPOINT ".length()).replaceAll("[\\[\\]\"]", "").split(", ", -1))
        .stream()
        .filter(word -> !word.startsWith("-XX:AOTCache="))
        .toList();
  }
}
