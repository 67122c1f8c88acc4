package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.filters.TraceParent.Decision;
import dev.weir.dataplane.http.FieldName;
import dev.weir.dataplane.http.Fields;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fields say of a trace, and what is said on. */
class TraceParentTest {
  private static final String IDS = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

  /** {@code name: value} lines. */
  private record Lines(List<String> lines) implements Fields {
    static Lines of(String text) {
      return new Lines(List.of(text.split("; ", -1)));
    }

    @Override
    public @Nullable String first(String name) {
      var all = all(name);
      return all.isEmpty() ? null : all.getFirst();
    }

    @Override
    public List<String> all(String name) {
      var all = new ArrayList<String>();
      for (var line : lines) {
        if (line.startsWith(name + ": ")) {
          all.add(line.substring(name.length() + 2));
        }
      }
      return all;
    }

    @Override
    public boolean contains(String name) {
      return first(name) != null;
    }

    @Override
    public boolean contains(FieldName name) {
      return contains(name.text());
    }

    @Override
    public void forEach(Visitor visitor) {
      for (var line : lines) {
        int colon = line.indexOf(": ");
        visitor.field(line.substring(0, colon), line.substring(colon + 2));
      }
    }

    @Override
    public int size() {
      return lines.size();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "traceparent: 00-" + IDS + "-01,RECORDED",
    "traceparent: 00-" + IDS + "-00,NOT_RECORDED",
    "traceparent: 00-" + IDS + "-ff,RECORDED",
    "traceparent: cc-" + IDS + "-01,RECORDED",
    "traceparent: cc-" + IDS + "-01-what-comes-later,RECORDED",
    "b3: " + IDS + ",OPEN",
    "b3: " + IDS + "-1,RECORDED",
    "b3: " + IDS + "-0,NOT_RECORDED",
    "b3: " + IDS + "-d-05e3ac9a4f6e3b90,DEBUGGED",
    "x-b3-traceid: 4bf92f3577b34da6a3ce929d0e0e4736; x-b3-spanid: 00f067aa0ba902b7,OPEN",
    "x-b3-traceid: 4bf92f3577b34da6a3ce929d0e0e4736; x-b3-spanid: 00f067aa0ba902b7;"
        + " x-b3-sampled: true,RECORDED",
    "x-b3-traceid: 4bf92f3577b34da6a3ce929d0e0e4736; x-b3-spanid: 00f067aa0ba902b7;"
        + " x-b3-flags: 1,DEBUGGED",
    "traceparent: 00-" + IDS + "-00; b3: 1,NOT_RECORDED",
    "traceparent: 00-" + IDS + "; b3: " + IDS + "-1,RECORDED",
  })
  void aTraceIsNamedInThreeWays(String fields, Decision decision) {
    var parent = TraceParent.of(Lines.of(fields));
    assertThat(parent).isNotNull();
    assertThat(parent.traceHigh()).isEqualTo(0x4bf92f3577b34da6L);
    assertThat(parent.traceLow()).isEqualTo(0xa3ce929d0e0e4736L);
    assertThat(parent.spanId()).isEqualTo(0x00f067aa0ba902b7L);
    assertThat(parent.decision()).isEqualTo(decision);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accept: */*",
        "traceparent: ",
        "traceparent: 00-" + IDS,
        "traceparent: 00-" + IDS + "-1",
        "traceparent: 00-" + IDS + "-01-",
        "traceparent: 00-" + IDS + "-011",
        "traceparent: 00-" + IDS + "-0x",
        "traceparent: ff-" + IDS + "-01",
        "traceparent: 0-0" + IDS + "-01",
        "traceparent: cc-" + IDS + "-01.later",
        "traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "traceparent: 00-" + IDS + "-01; traceparent: 00-" + IDS + "-01",
        "b3: 2",
        "b3: " + IDS + "-2",
        "b3: " + IDS + "-1-05e3ac9a4f6e3b90-1",
        "b3: " + IDS + "-1-05e3ac9a4f6e3b9",
        "b3: " + IDS + "-1-05e3ac9a4f6e3bxx",
        "b3: " + IDS + "-1-",
        "b3: 4bf92f3577b34da-00f067aa0ba902b7-1",
        "x-b3-traceid: 4bf92f3577b34da6a3ce929d0e0e4736",
        "x-b3-traceid: 4bf92f3577b34da6a3ce929d0e0e4736; x-b3-spanid: 00f067aa0ba902b7;"
            + " x-b3-sampled: yes",
      })
  void whatIsMalformedOrAmbiguousCountsAsAbsent(String fields) {
    assertThat(TraceParent.of(Lines.of(fields))).isNull();
  }

  @Test
  void aTraceIdOfB3MayBeShort() {
    var parent = TraceParent.of(Lines.of("b3: a3ce929d0e0e4736-00f067aa0ba902b7"));
    assertThat(parent)
        .isEqualTo(
            new TraceParent(0, 0xa3ce929d0e0e4736L, 0x00f067aa0ba902b7L, Decision.OPEN, false));
  }

  @ParameterizedTest
  @CsvSource({"b3: 0,NOT_RECORDED", "b3: d,DEBUGGED", "x-b3-sampled: 1,RECORDED"})
  void aDecisionMayComeWithoutATrace(String fields, Decision decision) {
    assertThat(TraceParent.of(Lines.of(fields)))
        .isEqualTo(new TraceParent(0, 0, 0, decision, false));
  }
}
