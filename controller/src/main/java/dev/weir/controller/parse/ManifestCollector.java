package dev.weir.controller.parse;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Gathers the objects of one file, in its order. Confined to the thread that reads it. */
final class ManifestCollector {
  private static final int LONGEST_MESSAGE = 300;
  private static final int MOST_ERRORS = 100;
  private static final int MOST_KINDS = 100;

  private final String file;
  private final ObjectParser parser;
  private final List<ManifestObject> objects = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Integer> ignored = new TreeMap<>();
  private boolean broken;
  private int errors;

  ManifestCollector(String file, ObjectParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** Text that can't be understood. */
  void bad(BadText bad) {
    error(bad.line(), bad.column(), Syntax.shown(bad.getMessage(), LONGEST_MESSAGE), "");
  }

  /** A document, or an item of a list. */
  void object(Tree tree) {
    if (tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Scalar.Type.NULL) {
      return;
    }
    var object = Field.root(tree, new Problems(file));
    var apiVersion = text(object, "apiVersion");
    var kind = text(object, "kind");
    if (apiVersion.isEmpty() || kind.isEmpty()) {
      error(
          tree.line(),
          tree.column(),
          "this is no Kubernetes object: "
              + (kind.isEmpty() ? "kind" : "apiVersion")
              + " is missing",
          "start it with apiVersion and kind");
    } else if (ObjectType.of(apiVersion, kind).isPresent()) {
      parse(tree, kind);
    } else {
      var meant = ObjectType.meant(apiVersion, kind);
      if (meant.isPresent()) {
        error(
            tree.line(),
            tree.column(),
            Syntax.shown(kind) + " is not a kind of apiVersion " + Syntax.quoted(apiVersion),
            "write apiVersion: " + meant.get().apiVersion());
      } else {
        var name = "kind " + Syntax.shown(kind) + " (" + Syntax.shown(apiVersion) + ")";
        ignored.merge(ignored.size() < MOST_KINDS ? name : "other kinds", 1, Integer::sum);
      }
    }
  }

  private void parse(Tree tree, String kind) {
    var parsed = parser.parse(tree, file);
    findings.addAll(parsed.findings());
    if (parsed.resource().isEmpty()) {
      broken |= !parsed.findings().isEmpty();
      return;
    }
    var resource = parsed.resource().get();
    var place = place(tree.line(), tree.column());
    if (resource instanceof ServiceResource service) {
      var problems = new Problems(file);
      var standIn = StandIns.of(Field.root(tree, problems), service);
      findings.addAll(problems.findings(service.ref()));
      objects.add(new ManifestObject(standIn.service(), kind, place, standIn.endpoints()));
    } else {
      objects.add(new ManifestObject(resource, kind, place, Optional.empty()));
    }
  }

  private static String text(Field object, String name) {
    return object.peek(name) instanceof Tree.Scalar scalar ? scalar.text() : "";
  }

  private void error(int line, int column, String message, String hint) {
    broken = true;
    if (++errors > MOST_ERRORS) {
      return;
    }
    var finding = ManifestReader.ofFile(file, Severity.ERROR, message, hint);
    findings.add(
        new Finding(finding.severity(), finding.object(), place(line, column), message, hint));
  }

  private String place(int line, int column) {
    return file + ":" + line + ":" + column;
  }

  ManifestFile result() {
    ignored.forEach(
        (kind, count) ->
            findings.add(
                ManifestReader.ofFile(
                    file, Severity.INFO, count + " of " + kind + " not read by Weir", "")));
    if (errors > MOST_ERRORS) {
      var message = "has " + (errors - MOST_ERRORS) + " more errors";
      findings.add(ManifestReader.ofFile(file, Severity.ERROR, message, ""));
    }
    return new ManifestFile(objects, findings, broken);
  }
}
