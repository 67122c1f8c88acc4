package dev.weir.controller.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The command lines in the manifests and in what the chart renders. */
class ShippedArgumentsTest {
  private static final Path MANIFESTS = Path.of("..", "manifests");
  private static final Path CHART_FLAGS = MANIFESTS.resolve("helm/weir/flags.yaml");

  @TestFactory
  Stream<DynamicTest> theProgramTakesThem() throws IOException {
    var lines = new HashMap<String, List<String>>();
    for (var file : files()) {
      for (var document : load(Files.readString(file))) {
        collect(document, file.toString(), lines);
      }
    }
    assertThat(lines).hasSizeGreaterThan(10);
    return lines.entrySet().stream()
        .map(line -> DynamicTest.dynamicTest(line.getKey(), () -> check(line.getValue())));
  }

  /** So that a flag that doesn't exist is said when a chart is installed, not by a crash loop. */
  @Test
  void theChartKnowsEveryFlag() throws IOException {
    var text = chartFlags();
    if (Boolean.getBoolean("weir.golden.update")) {
      Files.writeString(CHART_FLAGS, text);
    }
    assertThat(Files.readString(CHART_FLAGS))
        .as("to be written anew by this test with -Dweir.golden.update=true")
        .isEqualTo(text);
  }

  private static String chartFlags() {
    var text =
        new StringBuilder(
            """
            # The flags of "weir run", and those of them that have no effect yet. Written from the program's
            # own list by a test of the controller (ShippedArgumentsTest); edit that, not this file.
            """);
    text.append("flags:\n");
    FlagTable.RUN.specs().stream()
        .map(FlagSpec::name)
        .sorted()
        .forEach(name -> text.append("  - ").append(name).append('\n'));
    var later =
        FlagTable.RUN.specs().stream()
            .filter(flag -> flag.effect() == FlagSpec.Effect.LATER)
            .map(flag -> "  " + flag.name() + ": \"" + flag.doc() + "\"\n")
            .sorted()
            .collect(Collectors.joining());
    return text.append(later.isEmpty() ? "later: {}\n" : "later:\n" + later).toString();
  }

  private static List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (var folder : List.of(MANIFESTS, Path.of("src/test/resources/chart"))) {
      try (var all = Files.walk(folder)) {
        all.filter(file -> file.toString().endsWith(".yaml"))
            .filter(file -> !file.toString().contains("/helm/"))
            .filter(file -> !file.endsWith("values.yaml"))
            .forEach(files::add);
      }
    }
    return files;
  }

  private static Iterable<Object> load(String text) {
    return new Load(LoadSettings.builder().build()).loadAllFromString(text);
  }

  /** Arguments of containers, and such that a patch adds. */
  private static void collect(Object node, String where, Map<String, List<String>> lines) {
    switch (node) {
      case Map<?, ?> map -> {
        if (map.get("args") instanceof List<?> args
            && !args.isEmpty()
            && "run".equals(args.getFirst())) {
          lines.put(where, args.stream().skip(1).map(String::valueOf).toList());
        } else if (String.valueOf(map.get("path")).endsWith("/args/-")) {
          lines.merge(where, List.of(String.valueOf(map.get("value"))), ShippedArgumentsTest::join);
        }
        map.forEach((key, value) -> collect(value == null ? "" : value, where, lines));
      }
      case List<?> list -> list.forEach(value -> collect(value == null ? "" : value, where, lines));
      case null, default -> {}
    }
  }

  private static List<String> join(List<String> one, List<String> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  private static void check(List<String> arguments) throws UsageException {
    var given = new HashMap<String, String>();
    for (var argument : arguments) {
      assertThat(argument).startsWith("--");
      var words = argument.substring(2).split("=", 2);
      assertThat(FlagTable.RUN.find(words[0])).as(argument).isNotNull();
      var value = words.length == 1 ? "true" : words[1].replace("$(POD_NAMESPACE)", "weir");
      assertThat(given.put(words[0], value)).as(argument + " is given twice").isNull();
    }
    assertThat(RunSettings.of(new Flags(FlagTable.RUN, given))).isNotNull();
  }
}
