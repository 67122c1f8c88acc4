package dev.weir.controller.admin;

import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.resource.Finding;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs each finding when it appears and once more when it is resolved. Of many at once it logs the
 * gravest hundred and how many more there are: a cluster with ten thousand faulty objects must not
 * drown the log at every start. Findings about a whole kind are left to the source, which has
 * logged them already, also before there was a table.
 *
 * <p>Thread rule: one thread at a time (the controller's); the log takes lines without waiting.
 */
public final class FindingsLog implements ControllerListener {
  /** The logger's name. */
  public static final String NAME = "dev.weir.findings";

  static final int MOST_AT_ONCE = 100;
  private static final Comparator<Finding> GRAVEST_FIRST =
      Comparator.comparing(Finding::severity).thenComparing(Finding::text);

  private final Logger log;

  public FindingsLog() {
    this(LoggerFactory.getLogger(NAME));
  }

  FindingsLog(Logger log) {
    this.log = log;
  }

  @Override
  public void onFindings(FindingChanges changes) {
    report(changes.appeared(), "", this::appeared);
    report(changes.resolved(), "resolved: ", finding -> log.info("resolved: {}", text(finding)));
  }

  private static boolean isOfAnObject(Finding finding) {
    return !finding.object().key().name().equals("*");
  }

  private interface Line {
    void log(Finding finding);
  }

  private void report(List<Finding> all, String prefix, Line line) {
    var findings = all.stream().filter(FindingsLog::isOfAnObject).toList();
    findings.stream().sorted(GRAVEST_FIRST).limit(MOST_AT_ONCE).forEach(line::log);
    if (findings.size() > MOST_AT_ONCE) {
      log.warn("{}{} more findings, see /debug/findings", prefix, findings.size() - MOST_AT_ONCE);
    }
  }

  private void appeared(Finding finding) {
    switch (finding.severity()) {
      case ERROR -> log.error("{}", text(finding));
      case WARNING -> log.warn("{}", text(finding));
      case INFO -> log.info("{}", text(finding));
    }
  }

  /** Without the severity, which the line of the log has already. */
  private static String text(Finding finding) {
    var text = finding.text();
    return text.substring(text.indexOf(' ') + 1);
  }
}
