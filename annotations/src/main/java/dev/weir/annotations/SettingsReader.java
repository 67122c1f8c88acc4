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
   * @param prefix of our annotations, without slash; all others are left alone
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
          }
        });
    var read = new ReadSettings(prefix, ours, configMap);
    ours.forEach((name, value) -> examine(name, value, read));
    return read;
  }

  private void examine(String name, String value, ReadSettings read) {
    var setting = catalog.byAnnotation(name);
    var pending = KnownNames.PENDING_ANNOTATIONS.get(name);
    if (value.isBlank() && (setting.isPresent() || pending != null)) {
      return;
    }
    read.examineWords(name, value);
    if (setting.isPresent()) {
      read.examine(name, setting.get());
    } else if (pending != null) {
      read.examineRisk(name, pending);
      read.problem(Problem.Level.WARNING, name, "is not in effect yet", "");
    } else if (KnownNames.OBSOLETE_ANNOTATIONS.contains(name)
        || KnownNames.OBSOLETE_FAMILIES.stream().anyMatch(name::startsWith)) {
      read.problem(Problem.Level.INFO, name, "is a name of old releases without effect", "");
    } else {
      read.problem(
          Problem.Level.WARNING,
          name,
          "is not known",
          catalog
              .nearestAnnotation(name)
              .map(near -> "did you mean " + prefix + near + "?")
              .orElse(""));
    }
  }
}
