package dev.weir.controller.documentation;

import dev.weir.annotations.AnnotationCatalog;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Family;
import dev.weir.annotations.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the tables say of each setting. */
final class SettingRows {
  private static final Path EXAMPLES = Path.of("src/test/resources/documentation/examples.txt");

  private final AnnotationCatalog catalog = AnnotationCatalog.standard();
  private final Map<String, String> examples = new TreeMap<>();
  private final CaseIndex cases;

  SettingRows(CaseIndex cases) {
    this.cases = cases;
    try {
      for (var line : Files.readAllLines(EXAMPLES)) {
        var parts = line.split(" ", 2);
        examples.put(parts[0], parts[1]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AnnotationCatalog catalog() {
    return catalog;
  }

  /** Settings that an annotation sets, those of old releases last, by name. */
  List<Setting<?>> annotations() {
    return catalog.settings().stream()
        .filter(setting -> !setting.names().annotations().isEmpty())
        .sorted(Comparator.comparing(this::old).thenComparing(Setting::name))
        .toList();
  }

  /** Settings that a ConfigMap key sets. */
  List<Setting<?>> keys() {
    return catalog.settings().stream()
        .filter(setting -> !setting.names().configMapKey().isEmpty())
        .sorted(Comparator.comparing(setting -> setting.names().configMapKey()))
        .toList();
  }

  boolean old(Setting<?> setting) {
    return catalog.family(setting).filter(Family::old).isPresent();
  }

  String state(Setting<?> setting) {
    return catalog.disposition(setting).name().toLowerCase(Locale.ROOT);
  }

  String shownDefault(Setting<?> setting) {
    return catalog.family(setting).stream()
        .flatMap(family -> family.entries().stream())
        .filter(entry -> entry.setting().equals(setting))
        .map(Family.Entry::shownDefault)
        .findFirst()
        .orElseGet(() -> ShownValue.of(setting.defaultValue()));
  }

  /** From the list of examples, else from a case; empty if neither has one. */
  String example(String name) {
    var given = examples.get(name.replace("configmap:", ""));
    return given != null ? given : cases.example(name).orElse("");
  }

  static String whenInvalid(Setting<?> setting) {
    return switch (setting.whenInvalid()) {
      case DROP -> "the Ingress is not served";
      case DENY -> "503";
      case DEFAULT -> "ignored";
    };
  }

  String difference(Setting<?> setting) {
    return catalog.feature(setting).map(feature -> feature.difference(setting)).orElse("");
  }

  /** What to do instead of using a refused setting. */
  String instead(Setting<?> setting) {
    return catalog.family(setting).map(Family::instead).orElse("");
  }

  /** {@code name: difference} of all settings that differ from ingress-nginx. */
  List<String> differences() {
    var all = new ArrayList<String>();
    for (var setting : catalog.settings()) {
      if (!difference(setting).isEmpty()) {
        all.add("`" + setting.name() + "`: " + difference(setting));
      }
    }
    return all.stream().sorted().toList();
  }

  /** Names of a disposition, annotations or keys. */
  List<String> names(Disposition disposition, boolean annotations) {
    return (annotations ? annotations() : keys())
        .stream()
            .filter(setting -> !old(setting) && catalog.disposition(setting) == disposition)
            .map(s -> "`" + (annotations ? s.name() : s.names().configMapKey()) + "`")
            .toList();
  }
}
