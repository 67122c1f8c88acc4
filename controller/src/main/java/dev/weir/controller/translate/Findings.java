package dev.weir.controller.translate;

import dev.weir.annotations.Problem;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The findings of one compile, each once, in the order they came. */
final class Findings {
  private final Set<Finding> findings = new LinkedHashSet<>();

  void add(Finding finding) {
    findings.add(finding);
  }

  void add(Severity severity, ObjectRef object, String field, String message) {
    add(new Finding(severity, object, field, message, ""));
  }

  void addProblems(ObjectRef object, List<Problem> problems) {
    for (var problem : problems) {
      var severity =
          switch (problem.level()) {
            case ERROR -> Severity.ERROR;
            case WARNING -> Severity.WARNING;
            case INFO -> Severity.INFO;
          };
      add(new Finding(severity, object, problem.name(), problem.message(), problem.hint()));
    }
  }

  List<Finding> list() {
    return List.copyOf(findings);
  }
}
