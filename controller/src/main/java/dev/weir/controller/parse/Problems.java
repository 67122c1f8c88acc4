package dev.weir.controller.parse;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.List;

/** Gathers what is wrong with one object. Confined to the thread that parses it. */
final class Problems {
  /** More of one object than anybody reads; the rest is counted. */
  static final int LIMIT = 50;

  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private int left;

  private record Problem(Severity severity, String path, String message, String hint) {}

  /**
   * @param file what stands before line and column; empty for an object that has no text
   */
  Problems(String file) {
    this.file = file;
  }

  void report(Severity severity, Field field, String message, String hint) {
    if (problems.size() >= LIMIT) {
      left++;
      return;
    }
    var place = field.place();
    var where = file.isEmpty() || place.line() == 0 ? "" : " at " + place(place);
    problems.add(new Problem(severity, field.path(), message + where, hint));
  }

  private String place(Tree tree) {
    return file + ":" + tree.line() + ":" + tree.column();
  }

  List<Finding> findings(ObjectRef object) {
    var findings = new ArrayList<Finding>();
    for (var problem : problems) {
      findings.add(
          new Finding(problem.severity, object, problem.path, problem.message, problem.hint));
    }
    if (left > 0) {
      findings.add(
          new Finding(
              Severity.WARNING, object, "", "has " + left + " more problems of this kind", ""));
    }
    return findings;
  }
}
