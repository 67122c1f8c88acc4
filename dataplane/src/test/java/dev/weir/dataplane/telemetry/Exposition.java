package dev.weir.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A strict reader of Prometheus' text format 0.0.4: fails on what a scraper would refuse or
 * misread.
 *
 * @param types by family
 * @param samples by series, labels sorted by name
 */
record Exposition(Map<String, String> types, Map<String, Double> samples) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(?<labels>.*)})? "
              + "(?<value>[+-]?(?:Inf|[0-9.]+(?:e[+-][0-9]+)?)|NaN)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

  static Exposition read(String text) {
    assertThat(text).endsWith("\n");
    var read = new Exposition(new LinkedHashMap<>(), new LinkedHashMap<>());
    var helped = new HashSet<String>();
    var family = "";
    for (var line : text.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        var name = line.split(" ", 4)[2];
        assertThat(helped.add(name)).as("second HELP of %s", name).isTrue();
        assertThat(NAME.matcher(name).matches()).as(line).isTrue();
        family = name;
      } else if (line.startsWith("# TYPE ")) {
        var words = line.split(" ", -1);
        assertThat(words).as(line).hasSize(4);
        assertThat(words[2]).isEqualTo(family);
        assertThat(words[3]).isIn("counter", "gauge", "histogram");
        read.types.put(words[2], words[3]);
      } else {
        read.sample(line, family);
      }
    }
    read.checkHistograms();
    return read;
  }

  private void sample(String line, String family) {
    var sample = SAMPLE.matcher(line);
    assertThat(sample.matches()).as("no sample: %s", line).isTrue();
    var name = sample.group("name");
    assertThat("histogram".equals(types.get(family)) ? base(name) : name).isEqualTo(family);
    var labels = new TreeMap<String, String>();
    if (sample.group("labels") != null) {
      var label = LABEL.matcher(sample.group("labels"));
      int end = 0;
      while (label.find() && label.start() == end) {
        assertThat(labels.put(label.group(1), label.group(2))).as("twice: %s", line).isNull();
        end = label.end();
      }
      assertThat(end).as("broken labels: %s", line).isEqualTo(sample.group("labels").length());
    }
    assertThat(samples.put(name + labels, number(sample.group("value"))))
        .as("series twice: %s", line)
        .isNull();
  }

  private static String base(String name) {
    return name.replaceFirst("_(bucket|sum|count)$", "");
  }

  private static double number(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  private void checkHistograms() {
    var last = new HashMap<String, Double>();
    samples.forEach(
        (series, value) -> {
          if (series.contains("_bucket{")) {
            var histogram =
                series.replaceFirst("_bucket", "_count").replaceFirst(", le=[^,}]*", "");
            histogram = histogram.replaceFirst("\\{le=[^,}]*(, )?", "{");
            assertThat(value).as(series).isGreaterThanOrEqualTo(last.getOrDefault(histogram, 0.0));
            last.put(histogram, value);
          }
        });
    last.forEach((count, value) -> assertThat(samples).containsEntry(count, value));
  }

  /** The value of a family's only series, or of the one whose labels contain these. */
  double value(String name, String... labels) {
    var found =
        samples.entrySet().stream()
            .filter(sample -> sample.getKey().startsWith(name + "{"))
            .filter(
                sample ->
                    java.util.Arrays.stream(labels)
                        .allMatch(
                            label ->
                                sample
                                    .getKey()
                                    .matches(".*[{ ]" + Pattern.quote(label) + "[,}].*")))
            .toList();
    assertThat(found)
        .as("%s %s in %s", name, java.util.List.of(labels), samples.keySet())
        .hasSize(1);
    return found.getFirst().getValue();
  }

  /** Number of series of a family. */
  long series(String name) {
    return samples.keySet().stream().filter(series -> series.startsWith(name + "{")).count();
  }
}
