package dev.weir.dataplane.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.codec.AbuseBudget.Verdict;
import dev.weir.dataplane.telemetry.Offence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AbuseBudgetTest {
  private final AtomicLong clock = new AtomicLong(-5_000_000_000L);
  private final AbuseBudget budget = new AbuseBudget(clock::get);

  private void passes(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private void open(int streams) {
    for (int i = 0; i < streams; i++) {
      budget.opened();
    }
  }

  private Verdict charge(Offence offence) {
    return budget.charge(offence, 1);
  }

  @ParameterizedTest
  @EnumSource(Offence.class)
  void theClientIsAskedToLeaveAtThreeQuartersAndCutOffAtTheLimit(Offence offence) {
    int ends = (AbuseBudget.LIMIT + offence.points() - 1) / offence.points();
    int leaves = (AbuseBudget.LEAVE_AT + offence.points() - 1) / offence.points();
    for (int i = 1; i < ends; i++) {
      assertThat(charge(offence)).isEqualTo(i == leaves ? Verdict.LEAVE : Verdict.GO_ON);
    }
    assertThat(charge(offence)).isEqualTo(Verdict.END);
    assertThat(charge(offence)).isEqualTo(Verdict.END);
  }

  @ParameterizedTest
  @CsvSource({"RESET_BY_CLIENT, 133", "RESET_BY_US, 99"})
  void soManyCancelledRequestsInTenSecondsAreTheMost(Offence offence, int most) {
    open(1000);
    for (int i = 0; i < most; i++) {
      assertThat(charge(offence)).isNotEqualTo(Verdict.END);
      passes(70);
    }
    assertThat(charge(offence)).isEqualTo(Verdict.END);
  }

  /** It is sent elsewhere; what other pages have on the connection goes on. */
  @Test
  void aBrowserThatClosesAPageWithAllTheRequestsItMayHaveIsNotCutOff() {
    open(1000);
    for (int i = 1; i <= 128; i++) {
      assertThat(charge(Offence.RESET_BY_CLIENT))
          .isEqualTo(i == 100 ? Verdict.LEAVE : Verdict.GO_ON);
    }
  }

  @Test
  void bothWaysToCancelARequestCountTogether() {
    for (int i = 0; i < 114; i++) {
      assertThat(charge(i % 2 == 0 ? Offence.RESET_BY_CLIENT : Offence.RESET_BY_US))
          .isNotEqualTo(Verdict.END);
    }
    assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.END);
  }

  @ParameterizedTest
  @EnumSource(Offence.class)
  void theDocumentationSaysHowOftenEachMayBeThere(Offence offence) throws IOException {
    int points = offence.points();
    var asked = points == AbuseBudget.LIMIT ? "" : " " + times(AbuseBudget.LEAVE_AT, points);
    var end = "|%s | %s |".formatted(asked, times(AbuseBudget.LIMIT, points));
    assertThat(Files.readAllLines(Path.of("../docs/metrics.md")))
        .filteredOn(line -> line.startsWith("| `" + offence.label() + "` | "))
        .singleElement()
        .satisfies(line -> assertThat(line).endsWith(end));
  }

  private static String times(int budget, int points) {
    return String.format(Locale.ROOT, "%,d", (budget + points - 1) / points);
  }

  @Test
  void pointsComeBackAfterTenSeconds() {
    for (int i = 0; i < 100; i++) {
      for (int n = 0; n < 74; n++) {
        assertThat(charge(Offence.PING)).isEqualTo(Verdict.GO_ON);
      }
      passes(11_000);
    }
  }

  @Test
  void aClientThatCancelsSevenRequestsASecondGoesOnForEver() {
    for (int i = 0; i < 10_000; i++) {
      open(2);
      assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.GO_ON);
      passes(150);
    }
  }

  @Test
  void aClientThatCancelsMostOfManyRequestsIsAskedToLeave() {
    for (int i = 0; i < 40; i++) {
      open(1);
      assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.GO_ON);
    }
    open(1);
    assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.LEAVE);
    assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.GO_ON);
  }

  @Test
  void aClientThatCancelsEverySecondRequestIsNotAskedToLeaveBeforeItsPointsAreSpent() {
    for (int i = 0; i < 74; i++) {
      open(2);
      assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.GO_ON);
    }
  }

  @Test
  void oneWhoseSubscriptionsAllEndByResetIsLeftAlone() {
    for (int i = 0; i < 1000; i++) {
      open(1);
      assertThat(charge(Offence.RESET_BY_CLIENT)).isEqualTo(Verdict.GO_ON);
      passes(300);
    }
  }

  @Test
  void cancelledRequestsKeepTheirPlaceAmongThoseInFlight() {
    assertThat(budget.admits(1000)).isTrue();
    open(200);
    for (int i = 0; i < 60; i++) {
      charge(Offence.RESET_BY_CLIENT);
    }
    assertThat(budget.admits(39)).isTrue();
    assertThat(budget.admits(40)).isFalse();
    passes(11_000);
    assertThat(budget.admits(1000)).isTrue();
  }

  @Test
  void manyAtOnceCostAsMuchAsOneByOne() {
    assertThat(budget.charge(Offence.TABLE_RESIZE, 37)).isEqualTo(Verdict.GO_ON);
    assertThat(budget.charge(Offence.TABLE_RESIZE, 1)).isEqualTo(Verdict.LEAVE);
    assertThat(budget.charge(Offence.TABLE_RESIZE, Integer.MAX_VALUE)).isEqualTo(Verdict.END);
  }
}
