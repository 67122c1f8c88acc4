package dev.weir.controller.admin;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FindingsLogTest {
  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final FindingsLog log = log();

  private FindingsLog log() {
    var logger = context.getLogger("findings");
    lines.start();
    logger.addAppender(lines);
    return new FindingsLog(logger);
  }

  @Test
  void aFindingIsLoggedWithTheLevelOfItsSeverityWhenItAppearsAndOnceWhenItIsResolved() {
    var error = finding(Severity.ERROR, "a");
    var warning = finding(Severity.WARNING, "b");
    var info = finding(Severity.INFO, "c");
    log.onFindings(new FindingChanges(List.of(info, warning, error), List.of()));
    log.onFindings(new FindingChanges(List.of(), List.of(error)));
    assertThat(lines.list)
        .extracting(line -> line.getLevel() + " " + line.getFormattedMessage())
        .containsExactly(
            "ERROR Ingress default/a spec: message",
            "WARN Ingress default/b spec: message",
            "INFO Ingress default/c spec: message",
            "INFO resolved: Ingress default/a spec: message");
  }

  @Test
  void ofManyAtOnceTheGravestHundredAreLoggedAndTheRestIsCounted() {
    var many =
        IntStream.range(0, 10_000)
            .mapToObj(i -> finding(i == 9_999 ? Severity.ERROR : Severity.WARNING, "shop-" + i))
            .toList();
    log.onFindings(new FindingChanges(many, List.of()));
    assertThat(lines.list).hasSize(FindingsLog.MOST_AT_ONCE + 1);
    assertThat(lines.list.getFirst().getLevel()).isEqualTo(Level.ERROR);
    assertThat(lines.list.getLast().getFormattedMessage())
        .isEqualTo("9900 more findings, see /debug/findings");
  }

  private static Finding finding(Severity severity, String name) {
    var ingress = new ObjectRef(new ObjectKey(Kind.INGRESS, "default", name), "uid");
    return new Finding(severity, ingress, "spec", "message", "");
  }
}
