package dev.weir.e2e.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** {@code e2e/faults.tsv} lists tests that exist, meet their fault and say how often. */
class FaultListTest {
  private static Method test(FaultList.Row row) throws ClassNotFoundException {
    var parts = row.test().split("#", -1);
    return Arrays.stream(Class.forName(parts[0]).getDeclaredMethods())
        .filter(method -> method.getName().equals(parts[1]))
        .findFirst()
        .orElseThrow(() -> new AssertionError(row.id() + ": there is no test " + row.test()));
  }

  @Test
  void everyListedTestExistsUnderItsIdAndCountsItsFault() throws ClassNotFoundException {
    var ids = new ArrayList<String>();
    for (var row : FaultList.rows()) {
      ids.add(row.id());
      var test = test(row);
      assertThat(test.getAnnotation(Fault.class)).as(row.test()).isNotNull();
      assertThat(test.getAnnotation(Fault.class).value()).isEqualTo(row.id());
      assertThat(test.getParameterTypes()).as(row.test()).contains(Injection.class);
      assertThat(row.ci()).as(row.id()).isPositive().isLessThanOrEqualTo(row.full());
      assertThat(row.injected()).as(row.id()).isNotBlank();
    }
    assertThat(ids).doesNotHaveDuplicates();
    // F31 needs Services that speak HTTP/2, and F34 is shown by tests of the data plane.
    assertThat(ids)
        .containsAll(
            IntStream.rangeClosed(1, 33)
                .filter(number -> number != 31)
                .mapToObj(number -> "F" + number)
                .toList());
    assertThat(ids).contains("missing-rights", "namespace-deletion");
  }

  @Test
  void aTestThatNeverMetItsFaultFails() {
    assertThat(failures("meetsNothing")).singleElement().asString().contains("without its fault");
    assertThat(failures("meetsSomething")).isEmpty();
  }

  private static List<Object> failures(String method) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(Samples.class, method, Injection.class))
        .execute()
        .testEvents()
        .failed()
        .stream()
        .<Object>map(event -> event.getPayload().orElseThrow())
        .toList();
  }

  /** Not run by the build itself, which does not look for tests in nested classes. */
  static final class Samples {
    @Fault("F8")
    void meetsNothing(Injection fault) {
      assertThat(fault.figure()).isPositive();
    }

    @Fault("F8")
    void meetsSomething(Injection fault) {
      fault.count();
    }
  }
}
