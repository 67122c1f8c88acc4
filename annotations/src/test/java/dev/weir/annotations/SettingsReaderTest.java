package dev.weir.annotations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.annotations.Values.Source;
import dev.weir.annotations.value.Integers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsReaderTest {
  private static final Setting<Integer> DEFAULTING = setting("size", WhenInvalid.DEFAULT);
  private static final Setting<Integer> DENYING = setting("list", WhenInvalid.DENY);
  private static final Setting<Integer> DROPPING = setting("mode", WhenInvalid.DROP);

  private static Setting<Integer> setting(String name, WhenInvalid whenInvalid) {
    return new Setting<>(
        new Setting.Names(name, name, List.of("old-" + name)),
        1,
        Scope.ROUTE,
        Risk.HIGH,
        whenInvalid,
        Integers.from(0),
        "A number.");
  }

  private record Feature(List<Setting<?>> settings) implements AnnotationFeature {}

  private static ReadSettings read(Map<String, String> annotations, Map<String, String> configMap) {
    var catalog =
        new AnnotationCatalog(List.of(new Feature(List.of(DEFAULTING, DENYING, DROPPING))));
    return new SettingsReader(catalog, "weir.test").read(annotations, configMap::get);
  }

  @Test
  void anAnnotationComesBeforeTheConfigMapAndThatBeforeTheDefault() {
    var all = read(Map.of("weir.test/size", " 5 "), Map.of("size", "6"));
    assertThat(all.get(DEFAULTING)).isEqualTo(5);
    assertThat(all.source(DEFAULTING)).isEqualTo(Source.ANNOTATION);
    var configured = read(Map.of("weir.test/size", " "), Map.of("size", "6"));
    assertThat(configured.get(DEFAULTING)).isEqualTo(6);
    assertThat(configured.source(DEFAULTING)).isEqualTo(Source.CONFIG_MAP);
    assertThat(configured.present(DEFAULTING)).isTrue();
    var nothing = read(Map.of(), Map.of());
    assertThat(nothing.get(DEFAULTING)).isEqualTo(1);
    assertThat(nothing.source(DEFAULTING)).isEqualTo(Source.DEFAULT);
    assertThat(nothing.present(DEFAULTING)).isFalse();
  }

  @Test
  void anAliasCountsOnlyWhereTheNameIsBlank() {
    assertThat(read(Map.of("weir.test/old-size", "7"), Map.of()).get(DEFAULTING)).isEqualTo(7);
    assertThat(
            read(Map.of("weir.test/old-size", "7", "weir.test/size", "8"), Map.of())
                .get(DEFAULTING))
        .isEqualTo(8);
    assertThat(
            read(Map.of("weir.test/old-size", "7", "weir.test/size", ""), Map.of()).get(DEFAULTING))
        .isEqualTo(7);
  }

  @Test
  void anInvalidValueFallsBackAndIsReportedWithWhatWasExpected() {
    var read = read(Map.of("weir.test/size", "many"), Map.of("size", "6"));
    assertThat(read.get(DEFAULTING)).isEqualTo(6);
    assertThat(read.problems())
        .containsExactly(
            new Problem(
                Problem.Level.WARNING,
                "weir.test/size",
                "\"many\" is not valid (expected: a whole number, 0 or more); it is ignored",
                ""));
    assertThat(read.dropped()).isEmpty();
    assertThat(read.denied()).isEmpty();
  }

  @Test
  void anInvalidValueMayDenyTheRoutesOrDropTheIngress() {
    var denied = read(Map.of("weir.test/list", "x"), Map.of());
    assertThat(denied.denied().orElseThrow()).startsWith("list \"x\" is not valid");
    assertThat(denied.dropped()).isEmpty();
    assertThat(denied.problems()).extracting(Problem::level).containsExactly(Problem.Level.ERROR);
    var dropped = read(Map.of("weir.test/mode", "-1"), Map.of());
    assertThat(dropped.dropped().orElseThrow()).startsWith("mode \"-1\" is not valid");
  }

  @Test
  void anInvalidConfigMapValueIsTheDefaultAndReportedOnlyWithTheConfigMap() {
    var read = read(Map.of(), Map.of("size", "many"));
    assertThat(read.get(DEFAULTING)).isEqualTo(1);
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void otherPeoplesAnnotationsAreLeftAlone() {
    var read =
        read(
            Map.of("nginx.ingress.kubernetes.io/size", "many", "weir.testing/size", "9"), Map.of());
    assertThat(read.get(DEFAULTING)).isEqualTo(1);
    assertThat(read.problems()).isEmpty();
  }

  @Test
  void aLongValueIsCutInTheReport() {
    var read = read(Map.of("weir.test/size", "x".repeat(10_000)), Map.of());
    assertThat(read.problems().getFirst().message()).hasSizeLessThan(200);
  }

  @Test
  void aRiskAboveTheAllowedOneDropsTheIngress() {
    var annotations = Map.of("weir.test/size", "5");
    assertThat(read(annotations, Map.of("annotations-risk-level", "Medium")).dropped()).isPresent();
    assertThat(read(annotations, Map.of("annotations-risk-level", "High")).dropped()).isEmpty();
    assertThat(read(annotations, Map.of("annotations-risk-level", "Huge")).dropped()).isEmpty();
  }

  @Test
  void whatHasNoEffectSaysSoUnlessItMeansNothingHere() {
    var family =
        List.of(
            Family.read("a", "later route\nslow | both | low | | Slow."),
            Family.read("b", "refused route\ninstead use size\nraw | both | low | | Raw."),
            Family.read("c", "inert route\nnone-* | both | low | | None."),
            Family.read("d", "inert route\nold\nonce | annotation | low | | Once."));
    var catalog = new AnnotationCatalog(List.of(), family);
    var read =
        new SettingsReader(catalog, "weir.test")
            .read(
                Map.of(
                    "weir.test/slow", "1",
                    "weir.test/raw", "1",
                    "weir.test/none-at-all", "1",
                    "weir.test/once", "1"),
                key -> null);
    assertThat(read.problems())
        .containsExactly(
            new Problem(
                Problem.Level.INFO,
                "weir.test/once",
                "is a name of old releases without effect",
                ""),
            new Problem(
                Problem.Level.WARNING,
                "weir.test/raw",
                "has no effect; served without it",
                "use size"),
            new Problem(Problem.Level.WARNING, "weir.test/slow", "is not in effect yet", ""));
    assertThat(
            new ConfigMapReader(catalog).problems(Map.of("slow", "1", "raw", "1", "none-x", "1")))
        .extracting(Problem::message)
        .containsExactly("has no effect; served without it", "not in effect yet: slow");
  }
}
