package dev.weir.annotations;

import dev.weir.annotations.value.InvalidValueException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks for what is wrong with the controller's ConfigMap as a whole. */
public final class ConfigMapReader {
  private final AnnotationCatalog catalog;

  /** A reader. */
  public ConfigMapReader(AnnotationCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Invalid values, unknown and refused keys, and one problem that lists the keys not in effect
   * yet.
   */
  public List<Problem> problems(Map<String, String> data) {
    var problems = new ArrayList<Problem>();
    var later = new TreeSet<String>();
    new TreeMap<>(data)
        .forEach(
            (key, value) -> {
              if (!value.isBlank()) {
                examine(key, value, problems, later);
              }
            });
    if (!later.isEmpty()) {
      problems.add(
          new Problem(
              Problem.Level.INFO, "", "not in effect yet: " + String.join(", ", later), ""));
    }
    return problems;
  }

  private void examine(String key, String value, List<Problem> problems, Set<String> later) {
    var setting = catalog.byConfigMapKey(key);
    if (setting.isEmpty()) {
      problems.add(unknown(key));
      return;
    }
    examine(key, value, setting.get(), problems);
    var family = catalog.family(setting.get());
    if (family.isPresent()) {
      switch (family.get().disposition()) {
        case LATER -> later.add(key);
        case REFUSED ->
            problems.add(
                new Problem(
                    Problem.Level.WARNING,
                    key,
                    "has no effect; served without it",
                    family.get().instead()));
        case INERT, WORKS -> {}
      }
    }
  }

  private static void examine(
      String key, String value, Setting<?> setting, List<Problem> problems) {
    try {
      setting.parser().parse(value.strip());
    } catch (InvalidValueException e) {
      boolean closes = setting.whenInvalid() == WhenInvalid.DENY;
      problems.add(
          new Problem(
              closes ? Problem.Level.ERROR : Problem.Level.WARNING,
              key,
              Quote.of(value.strip())
                  + " is not valid (expected: "
                  + e.expected()
                  + ")"
                  + (closes ? "; every route that it protects answers 503" : "; the default holds"),
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
