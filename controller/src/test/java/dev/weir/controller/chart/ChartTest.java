package dev.weir.controller.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Each folder of {@code src/test/resources/chart} is a case: {@code values.yaml}, and what it must
 * come to, {@code rendered.yaml} and {@code notes.txt}. Each file of {@code chart-refused} are
 * values that the chart refuses; its first comment lines are what the message must say.
 *
 * <p>A new case needs only its values; {@code -Dweir.golden.update=true} writes the rest, to be
 * read before it is kept.
 */
class ChartTest {
  private static final Path CASES = Path.of("src/test/resources/chart");
  private static final Path REFUSED = Path.of("src/test/resources/chart-refused");
  private static final Pattern TRAILING_SPACE = Pattern.compile("[ \\t]+$", Pattern.MULTILINE);

  @TestFactory
  Stream<DynamicTest> valuesComeToTheObjectsAndNotesBesideThem() throws IOException {
    var cases = list(CASES);
    assertThat(cases).hasSizeGreaterThanOrEqualTo(9);
    return cases.stream().map(folder -> DynamicTest.dynamicTest(name(folder), () -> check(folder)));
  }

  @TestFactory
  Stream<DynamicTest> valuesThatWouldLoseSomethingAreRefusedWithTheReason() throws IOException {
    var files = list(REFUSED);
    assertThat(files).hasSizeGreaterThanOrEqualTo(10);
    return files.stream().map(file -> DynamicTest.dynamicTest(name(file), () -> refused(file)));
  }

  @Test
  void helmFindsNothingToComplainOf() {
    var result = Chart.lint();
    assertThat(result.getMessages()).isEmpty();
    assertThat(result.isFailed()).isEqualTo(false);
  }

  /** The paths that nearly every values file of ingress-nginx's chart has. */
  @Test
  void everyPathThatUsersSetIsKnown() throws IOException {
    var known = new TreeSet<>(paths("works"));
    known.addAll(paths("refused"));
    var wanted = Files.readAllLines(Path.of("src/test/resources/chart-paths.txt"));

    assertThat(wanted)
        .hasSizeGreaterThan(70)
        .allSatisfy(
            path -> assertThat(known).anyMatch(p -> p.equals(path) || p.startsWith(path + ".")));
  }

  /** A release of ingress-nginx is upgraded to: Services keep their load balancers. */
  @Test
  void inThePlaceOfIngressNginxNamesAndSelectorsStay() {
    var values = CASES.resolve("from-ingress-nginx/values.yaml");
    assertThat(Chart.rendered("ingress-nginx", values))
        .contains(
            "\n  name: ingress-nginx-controller\n",
            "\n  name: ingress-nginx-controller-internal\n",
            "\n  name: ingress-nginx-admission\n",
            "--election-id=ingress-nginx-leader\n",
            """
              selector:
                matchLabels:
                  app.kubernetes.io/name: ingress-nginx
                  app.kubernetes.io/instance: ingress-nginx
                  app.kubernetes.io/component: controller
              replicas: 3
            """);
  }

  @Test
  void everyPathThatIsSaidToWorkIsReadByATemplate() throws IOException {
    var templates = new StringBuilder();
    for (var file : list(Chart.FOLDER.resolve("templates"))) {
      templates.append(Files.readString(file)).append('\n');
    }
    assertThat(paths("works"))
        .allSatisfy(
            path ->
                assertThat(templates)
                    .containsPattern("\\b" + path.substring(path.lastIndexOf('.') + 1) + "\\b"));
  }

  /** What a host that names a Service may have is what the API server takes as its name. */
  @Test
  void namesOfServicesAreLabelsOfDnsAndNoTwoAreTheSame() throws IOException {
    for (var folder : list(CASES)) {
      var names = new ArrayList<String>();
      for (var object : load(Files.readString(folder.resolve("rendered.yaml")))) {
        if (object instanceof Map<?, ?> map
            && "Service".equals(map.get("kind"))
            && map.get("metadata") instanceof Map<?, ?> metadata) {
          names.add(String.valueOf(metadata.get("name")));
        }
      }
      assertThat(names)
          .as(name(folder))
          .doesNotHaveDuplicates()
          .allMatch(name -> name.matches("[a-z]([-a-z0-9]{0,61}[a-z0-9])?"));
    }
  }

  @Test
  void kustomizeAndTheChartHaveTheSameAlerts() throws IOException {
    var chart = (Map<?, ?>) one(Chart.FOLDER.resolve("alerts.yaml"));
    var overlay = (Map<?, ?>) one(Chart.FOLDER.resolve("../../monitoring/prometheusrule.yaml"));
    assertThat(overlay.get("spec")).isEqualTo(chart);
  }

  private static void check(Path folder) throws IOException {
    var values = folder.resolve("values.yaml");
    var rendered = Chart.rendered(values);
    var notes = Chart.notes(values);
    if (Boolean.getBoolean("weir.golden.update")) {
      Files.writeString(folder.resolve("rendered.yaml"), rendered);
      Files.writeString(folder.resolve("notes.txt"), notes);
    }
    assertThat(rendered).isEqualTo(Files.readString(folder.resolve("rendered.yaml")));
    assertThat(notes).isEqualTo(Files.readString(folder.resolve("notes.txt")));
    assertThat(TRAILING_SPACE.matcher(rendered).find()).as("space at a line's end").isFalse();
  }

  private static void refused(Path file) throws IOException {
    var expected =
        Files.readString(file)
            .lines()
            .takeWhile(line -> line.startsWith("# "))
            .map(line -> line.substring(2))
            .toList();
    assertThat(expected).as("what the message must say").isNotEmpty();
    assertThatThrownBy(() -> Chart.rendered(file))
        .hasMessageContaining("These values can't be installed:")
        .satisfies(e -> assertThat(e.getMessage()).contains(expected));
  }

  /** The paths of one part of {@code value-paths.yaml}. */
  private static List<String> paths(String part) throws IOException {
    var all = (Map<?, ?>) one(Chart.FOLDER.resolve("value-paths.yaml"));
    return switch (all.get(part)) {
      case List<?> list -> list.stream().map(String::valueOf).toList();
      case Map<?, ?> map -> map.keySet().stream().map(String::valueOf).toList();
      case null, default -> throw new IOException("value-paths.yaml has no " + part);
    };
  }

  private static Iterable<Object> load(String text) {
    return new Load(LoadSettings.builder().build()).loadAllFromString(text);
  }

  private static Object one(Path file) throws IOException {
    return load(Files.readString(file)).iterator().next();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().collect(Collectors.toList());
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".yaml", "").replace('-', ' ');
  }
}
