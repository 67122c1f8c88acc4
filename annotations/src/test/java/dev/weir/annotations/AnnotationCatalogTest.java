package dev.weir.annotations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.annotations.feature.Canary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AnnotationCatalogTest {
  private static final int ANNOTATIONS_OF_INGRESS_NGINX = 136;
  private static final Set<String> ALIASES = Set.of("whitelist-source-range", "limit-whitelist");

  private final AnnotationCatalog catalog = AnnotationCatalog.standard();

  @Test
  void everyFeatureOfThePackageIsInTheCatalog() throws Exception {
    var listed =
        catalog.features().stream()
            .map(feature -> feature.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed).isEqualTo(featureClasses());
  }

  private static Set<String> featureClasses() throws IOException, ReflectiveOperationException {
    var names = new TreeSet<String>();
    try (var files = Files.list(Path.of("src/main/java/dev/weir/annotations/feature"))) {
      for (var file : files.toList()) {
        var name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")
            && AnnotationFeature.class.isAssignableFrom(
                Class.forName("dev.weir.annotations.feature." + name))) {
          names.add(name);
        }
      }
    }
    return names;
  }

  @Test
  void everyAnnotationOfIngressNginxIsDeclaredOnce() {
    var declared =
        catalog.settings().stream()
            .filter(setting -> catalog.family(setting).filter(Family::old).isEmpty())
            .flatMap(setting -> setting.names().annotations().stream())
            .filter(name -> !name.contains("/"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(declared).containsAll(ALIASES);
    declared.removeAll(ALIASES);
    assertThat(declared).hasSize(ANNOTATIONS_OF_INGRESS_NGINX);
  }

  @Test
  void everyFamilyInTheFolderIsInTheCatalog() throws Exception {
    try (var files = Files.list(Path.of("src/main/resources/dev/weir/annotations/families"))) {
      var names =
          files.map(file -> file.getFileName().toString().replace(".txt", "")).sorted().toList();
      assertThat(Families.all()).extracting(Family::name).containsExactlyElementsOf(names);
    }
  }

  @Test
  void namesThatEndDifferentlyAreFoundByTheirBeginning() {
    assertThat(catalog.byAnnotation("lua-resty-waf-mode")).isPresent();
    assertThat(catalog.byConfigMapKey("server-name-hash-bucket-size")).isPresent();
    assertThat(catalog.byConfigMapKey("server-name-hush-bucket-size")).isEmpty();
  }

  @Test
  void everySettingIsDescribedInOneSentence() {
    assertThat(catalog.settings())
        .allSatisfy(setting -> assertThat(setting.doc()).as(setting.name()).endsWith("."));
  }

  @Test
  void aNameIsDeclaredOnlyOnce() {
    assertThatThrownBy(() -> new AnnotationCatalog(List.of(new Canary(), new Canary())))
        .hasMessageContaining("canary is declared twice");
  }

  @Test
  void theNearestNameIsSuggestedIfOneIsNear() {
    assertThat(catalog.nearestAnnotation("proxy-body-sise")).contains("proxy-body-size");
    assertThat(catalog.nearestAnnotation("rewrite-targets")).contains("rewrite-target");
    assertThat(catalog.nearestAnnotation("nothing-of-the-kind-at-all")).isEmpty();
    assertThat(catalog.nearestConfigMapKey("keepalive")).contains("keep-alive");
  }
}
