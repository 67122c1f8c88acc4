package dev.weir.annotations;

import dev.weir.annotations.value.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks for what is wrong with the controller's ConfigMap as a whole. */
public final class ConfigMapReader {
  private final AnnotationCatalog catalog;

  /** A reader. */
  public ConfigMapReader(AnnotationCatalog catalog) {
    this.catalog = catalog;
  }

  /** Invalid values, unknown keys, and one problem that lists the keys not in effect yet. */
  public List<Problem> problems(Map<String, String> data) {
    var problems = new ArrayList<Problem>();
    var pending = new TreeSet<String>();
    new TreeMap<>(data)
        .forEach(
            (key, value) -> {
              if (value.isBlank()) {
                return;
              }
              var setting = catalog.byConfigMapKey(key);
              if (setting.isPresent()) {
                examine(key, value, setting.get(), problems);
              } else if (KnownNames.PENDING_KEYS.contains(key)) {
                pending.add(key);
              } else if (!KnownNames.SILENT_KEYS.contains(key)
                  && KnownNames.SILENT_FAMILIES.stream().noneMatch(key::startsWith)) {
                problems.add(unknown(key));
              }
            });
    if (!pending.isEmpty()) {
      problems.add(
          new Problem(
              Problem.Level.INFO, "", "not in effect yet: " + String.join(", ", pending), ""));
    }
    return problems;
  }

  private static void examine(
      String key, String value, Setting<?> setting, List<Problem> problems) {
    try {
      setting.parser().parse(value.strip());
    } catch (InvalidValueException e) {
      problems.add(
          new Problem(
              Problem.Level.WARNING,
              key,
              Quote.of(value.strip())
                  + " is not valid (expected: "
                  + e.expected()
                  + "); the default holds",
              ""));
    }
  }

  private Problem unknown(String key) {
    return new Problem(
        Problem.Level.WARNING,
        key,
        "is not known",
        catalog.nearestConfigMapKey(key).map(near -> "did you mean " + near + "?").orElse(""));
  }
}
