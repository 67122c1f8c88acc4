package dev.weir.annotations;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the annotations of an Ingress. */
public final class SettingsReader {
  private final AnnotationCatalog catalog;
  private final String prefix;

  /**
   * A reader.
   *
   * @param prefix of our annotations, without slash; all others are left alone, but for those of
   *     other controllers that the catalogue declares under their whole names
   */
  public SettingsReader(AnnotationCatalog catalog, String prefix) {
    this.catalog = catalog;
    this.prefix = prefix + "/";
  }

  /**
   * Reads annotations.
   *
   * @param configMap answers a key of the controller's ConfigMap, or null
   */
  public ReadSettings read(
      Map<String, String> annotations, Function<String, @Nullable String> configMap) {
    var ours = new TreeMap<String, String>();
    annotations.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            ours.put(name.substring(prefix.length()), value);
          } else if (name.indexOf('/') >= 0 && catalog.byAnnotation(name).isPresent()) {
            ours.put(name, value); // of another family, under its whole name
          }
        });
    var read = new ReadSettings(prefix, ours, configMap);
    ours.forEach((name, value) -> examine(name, value, read));
    return read;
  }

  private void examine(String name, String value, ReadSettings read) {
    var setting = catalog.byAnnotation(name);
    if (value.isBlank() && setting.isPresent()) {
      return;
    }
    read.examineWords(name, value);
    if (setting.isEmpty()) {
      read.problem(
          Problem.Level.WARNING,
          name,
          "is not known",
          catalog
              .nearestAnnotation(name)
              .map(near -> "did you mean " + prefix + near + "?")
              .orElse(""));
      return;
    }
    read.examine(name, setting.get());
    catalog.family(setting.get()).ifPresent(family -> withoutEffect(name, family, read));
  }

  private static void withoutEffect(String name, Family family, ReadSettings read) {
    if (family.old()) {
      read.problem(Problem.Level.INFO, name, "is a name of old releases without effect", "");
      return;
    }
    switch (family.disposition()) {
      case LATER -> read.problem(Problem.Level.WARNING, name, "is not in effect yet", "");
      case REFUSED ->
          read.problem(
              Problem.Level.WARNING, name, "has no effect; served without it", family.instead());
      case INERT, WORKS -> {}
    }
  }
}
