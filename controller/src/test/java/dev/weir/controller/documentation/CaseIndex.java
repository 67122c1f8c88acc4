package dev.weir.controller.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The black-box cases of the end-to-end tests, as far as they tell of settings. */
final class CaseIndex {
  private static final Path CASES = Path.of("../e2e/src/test/resources/cases");

  private final List<Entry> entries = new ArrayList<>();

  /**
   * A case.
   *
   * @param acts annotations, and ConfigMap keys after {@code configmap:}, that act in it
   * @param contrast those whose absence or opposite it shows
   * @param values what it sets, by the same names
   */
  record Entry(
      String id,
      String file,
      List<String> acts,
      List<String> contrast,
      Map<String, String> values) {}

  CaseIndex() {
    try (var files = Files.walk(CASES)) {
      for (var file : files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        var load = new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build());
        for (var each : list(load.loadFromString(Files.readString(file)))) {
          if (each instanceof Map<?, ?> map) {
            entries.add(entry(CASES.relativize(file).toString(), map));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** A value that a case which shows the setting acting gives it. */
  Optional<String> example(String name) {
    return entries.stream()
        .filter(entry -> entry.acts.contains(name))
        .map(entry -> Optional.ofNullable(entry.values.get(name)))
        .flatMap(Optional::stream)
        .filter(value -> value.length() <= 60 && !value.contains("<<") && !value.contains("\n"))
        .findFirst();
  }

  private static Entry entry(String file, Map<?, ?> map) {
    var values = new java.util.HashMap<String, String>();
    for (var ingress : list(map.get("ingress"))) {
      if (ingress instanceof Map<?, ?> fields
          && fields.get("annotations") instanceof Map<?, ?> set) {
        set.forEach((name, value) -> values.put(name.toString(), String.valueOf(value)));
      }
    }
    if (map.get("configmap") instanceof Map<?, ?> keys) {
      keys.forEach((name, value) -> values.put("configmap:" + name, String.valueOf(value)));
    }
    return new Entry(
        String.valueOf(map.get("id")),
        file,
        texts(map.get("acts")),
        texts(map.get("contrast")),
        Map.copyOf(values));
  }

  private static List<String> texts(@Nullable Object value) {
    return list(value).stream().map(String::valueOf).toList();
  }

  private static List<?> list(@Nullable Object value) {
    return value == null ? List.of() : value instanceof List<?> all ? all : List.of(value);
  }
}
