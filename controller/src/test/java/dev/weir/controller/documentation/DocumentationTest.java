package dev.weir.controller.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.annotations.Disposition;
import dev.weir.annotations.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * The tables of settings, and what is shown to work. {@code -Dweir.golden.update=true} writes the
 * tables.
 */
class DocumentationTest {
  private static final Path TABLES = Path.of("../annotations/README.md");
  private static final Path COMING = Path.of("../docs/coming-from-ingress-nginx.md");
  private static final String BEGIN = "<!-- generated -->\n";
  private static final String END = "<!-- end -->\n";

  private final CaseIndex cases = new CaseIndex();
  private final SettingRows rows = new SettingRows(cases);

  @Test
  void theTablesSayWhatIsDeclared() throws IOException {
    compare(TABLES, new Tables(rows).text());
  }

  @Test
  void thePageForNewcomersSaysWhatIsDeclared() throws IOException {
    var page = Files.readString(COMING);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    int end = page.indexOf(END);
    compare(COMING, page.substring(0, begin) + new Tables(rows).summary() + page.substring(end));
  }

  private static void compare(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("weir.golden.update")) {
      Files.writeString(file, expected);
    }
    assertThat(Files.exists(file) ? Files.readString(file) : "")
        .as(file + " (-Dweir.golden.update=true writes it)")
        .isEqualTo(expected);
  }

  @Test
  void everySettingHasAnExample() {
    var without = new ArrayList<String>();
    rows.annotations().stream()
        .filter(setting -> rows.example(setting.name()).isEmpty())
        .forEach(setting -> without.add(setting.name()));
    rows.keys().stream()
        .map(setting -> setting.names().configMapKey())
        .filter(key -> rows.example("configmap:" + key).isEmpty())
        .forEach(without::add);
    assertThat(without)
        .as("without an example in a case that it acts in or in documentation/examples.txt")
        .isEmpty();
  }

  @Test
  void whatIsSaidToWorkIsShownByTwoCases() {
    var missing = new ArrayList<String>();
    for (var setting : rows.catalog().settings()) {
      if (rows.catalog().disposition(setting) == Disposition.WORKS) {
        var names = names(setting);
        if (noCase(entry -> entry.acts().stream().anyMatch(names::contains))) {
          missing.add(names.getFirst() + " acting");
        }
        if (noCase(entry -> entry.contrast().stream().anyMatch(names::contains))) {
          missing.add(names.getFirst() + " absent or opposite");
        }
      }
    }
    assertThat(missing).as("settings without a black-box case that shows them").isEmpty();
  }

  private boolean noCase(Predicate<CaseIndex.Entry> shows) {
    return cases.entries().stream().noneMatch(shows);
  }

  /** What cases may call a setting: its annotations, or the key where there is no annotation. */
  private static List<String> names(Setting<?> setting) {
    var annotations = setting.names().annotations();
    return annotations.isEmpty()
        ? List.of("configmap:" + setting.names().configMapKey())
        : annotations;
  }

  @Test
  void casesNameOnlySettingsThatExist() {
    var unknown = new ArrayList<String>();
    for (var entry : cases.entries()) {
      var named = new ArrayList<>(entry.acts());
      named.addAll(entry.contrast());
      for (var name : named) {
        boolean known =
            name.startsWith("configmap:")
                ? rows.catalog().byConfigMapKey(name.substring("configmap:".length())).isPresent()
                : rows.catalog().byAnnotation(name).isPresent();
        if (!known) {
          unknown.add(entry.file() + " " + entry.id() + ": " + name);
        }
      }
    }
    assertThat(unknown).isEmpty();
  }
}
