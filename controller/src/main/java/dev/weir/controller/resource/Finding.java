package dev.weir.controller.resource;

/**
 * Something that a user should know of one object: feeds the log, Events, the admission webhook and
 * {@code /debug/routes}.
 *
 * @param field where in the object: a field path ({@code spec.rules[0].http.paths[1].path}), an
 *     annotation name, or {@code file:line:column} for text that is no object yet
 * @param message what is wrong and what was expected, one sentence
 * @param hint what to do; empty if the message says it
 */
public record Finding(
    Severity severity, ObjectRef object, String field, String message, String hint) {

  /** One line: {@code warning Ingress default/shop spec.tls[0].secretName: message (hint)}. */
  public String text() {
    var line = new StringBuilder();
    line.append(severity.name().toLowerCase(java.util.Locale.ROOT)).append(' ').append(object);
    if (!field.isEmpty()) {
      line.append(' ').append(field);
    }
    line.append(": ").append(message);
    if (!hint.isEmpty()) {
      line.append(" (").append(hint).append(')');
    }
    return line.toString();
  }
}
