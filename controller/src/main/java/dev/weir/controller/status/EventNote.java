package dev.weir.controller.status;

import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Something to say of an object in an Event.
 *
 * @param type {@code Normal} or {@code Warning}
 * @param reason one word in the form of Kubernetes' reasons
 */
record EventNote(ObjectRef object, String type, String reason, String message) {
  static final String NORMAL = "Normal";
  static final String WARNING = "Warning";

  /** The API server takes no more. */
  private static final int LONGEST_MESSAGE = 1024;

  private static final int LONGEST_NAME = 200;

  EventNote {
    message =
        message.length() > LONGEST_MESSAGE
            ? message.substring(0, LONGEST_MESSAGE - 1) + "…"
            : message;
  }

  /** ingress-nginx's Event for an Ingress that is new or asks for something else. */
  static EventNote sync(ObjectRef ingress) {
    return new EventNote(ingress, NORMAL, "Sync", "Scheduled for sync");
  }

  /** ingress-nginx's Event for its ConfigMap. */
  static EventNote settings(ObjectRef configMap, boolean created) {
    var name = configMap.key().namespace() + "/" + configMap.key().name();
    return new EventNote(configMap, NORMAL, created ? "CREATE" : "UPDATE", "ConfigMap " + name);
  }

  /** What is wrong with an object, and what to do. */
  static EventNote of(Finding finding) {
    var message = new StringBuilder(finding.field());
    message.append(finding.field().isEmpty() ? "" : ": ").append(finding.message());
    if (!finding.hint().isEmpty()) {
      message.append(" (").append(finding.hint()).append(')');
    }
    return new EventNote(finding.object(), WARNING, reason(finding), message.toString());
  }

  /** Stands for findings of an object that has too many of them. */
  static EventNote more(ObjectRef object) {
    return new EventNote(
        object,
        WARNING,
        "MoreFindings",
        "There are more findings; the admin port's /debug/findings lists all of them");
  }

  private static String reason(Finding finding) {
    if (finding.field().indexOf('/') >= 0) {
      // ingress-nginx has this reason for values that it can't parse.
      return finding.message().contains(" is not valid (expected: ")
          ? "AnnotationParsingFailed"
          : "AnnotationNotInEffect";
    }
    if (finding.field().startsWith("spec.tls")) {
      return "CertificateProblem";
    }
    return switch (finding.severity()) {
      case ERROR -> "NotServed";
      case WARNING, INFO -> "ServedDifferently";
    };
  }

  /**
   * The Event's name, which two replicas, and this one after a restart, find for the same note: so
   * that there is one Event, which counts.
   */
  String name() {
    var name = object.key().name();
    int end = Math.min(name.length(), LONGEST_NAME);
    while (end > 0 && !Character.isLetterOrDigit(name.charAt(end - 1))) {
      end--; // what a cut leaves at the end must not be followed by a dot
    }
    return name.substring(0, end) + "." + hash();
  }

  private String hash() {
    var text = String.join("\n", object.uid(), type, reason, message);
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
