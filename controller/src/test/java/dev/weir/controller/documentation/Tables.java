package dev.weir.controller.documentation;

import dev.weir.annotations.Disposition;
import dev.weir.annotations.Setting;
import java.util.List;
import java.util.Locale;

/** Writes the tables as Markdown. */
final class Tables {
  private static final String HEAD =
      """
      # What an Ingress and the ConfigMap may say

      Written from the declarations by a test of the controller (`DocumentationTest`); edit those, not this page.

      - **works**: in effect; at least two black-box cases in `e2e/src/test/resources/cases` show it.
      - **later**: not in effect yet, and a finding says so. What protects (marked *closes*) answers 503 until then.
      - **inert**: means nothing here; accepted in silence.
      - **refused**: is not going to work; a warning says what to use instead.

      A blank annotation counts as absent. An annotation wins over the ConfigMap, the ConfigMap over the default. A
      value that does not parse is a finding, and does what the column *invalid* says; a ConfigMap key that does not
      parse is ignored. An unknown name under the prefix is a finding with the nearest known name. See also
      [Coming from ingress-nginx](../docs/coming-from-ingress-nginx.md).

      """;

  private final SettingRows rows;

  Tables(SettingRows rows) {
    this.rows = rows;
  }

  String text() {
    var text = new StringBuilder(HEAD);
    text.append(
        """
        ## Annotations

        Prefix `nginx.ingress.kubernetes.io/`, or what `--annotations-prefix` says.

        """);
    text.append(
        "| annotation | what it is | scope | risk | default | invalid | state | example |\n");
    text.append("|---|---|---|---|---|---|---|---|\n");
    rows.annotations().forEach(setting -> annotation(setting, text));
    text.append("\n## ConfigMap keys\n\nOf the ConfigMap that `--configmap` names; live.\n\n");
    text.append("| key | what it is | default | state | example |\n|---|---|---|---|---|\n");
    rows.keys().forEach(setting -> key(setting, text));
    text.append("\n## What differs from ingress-nginx\n\n");
    rows.differences().forEach(line -> text.append("- ").append(line).append('\n'));
    return text.toString();
  }

  private void annotation(Setting<?> setting, StringBuilder text) {
    var names = setting.names();
    var also =
        names.aliases().isEmpty() ? "" : " (also `" + String.join("`, `", names.aliases()) + "`)";
    row(
        text,
        List.of(
            code(setting.name()) + also,
            setting.doc(),
            setting.scope().name().toLowerCase(Locale.ROOT),
            setting.risk().name().toLowerCase(Locale.ROOT),
            code(rows.shownDefault(setting)),
            rows.catalog().family(setting).isPresent() ? "" : SettingRows.whenInvalid(setting),
            state(setting),
            code(rows.example(setting.name()))));
  }

  private void key(Setting<?> setting, StringBuilder text) {
    var key = setting.names().configMapKey();
    boolean annotated = !setting.names().annotation().isEmpty();
    var doc = annotated ? "Default of the annotation `" + setting.name() + "`." : setting.doc();
    row(
        text,
        List.of(
            code(key),
            doc,
            code(rows.shownDefault(setting)),
            state(setting),
            code(rows.example("configmap:" + key))));
  }

  private String state(Setting<?> setting) {
    if (rows.old(setting)) {
      return "inert (old releases)";
    }
    var instead = rows.instead(setting);
    boolean closes =
        rows.catalog().disposition(setting) != Disposition.WORKS
            && rows.catalog().feature(setting).isPresent()
            && rows.catalog().feature(setting).get().closes(setting);
    return rows.state(setting)
        + (closes ? ", *closes*" : "")
        + (instead.isEmpty() ? "" : ": " + instead);
  }

  /** What the page for newcomers lists. */
  String summary() {
    var text = new StringBuilder();
    list(text, "Annotations not in effect yet", rows.names(Disposition.LATER, true));
    list(text, "ConfigMap keys not in effect yet", rows.names(Disposition.LATER, false));
    list(text, "Annotations refused", rows.names(Disposition.REFUSED, true));
    list(text, "ConfigMap keys refused", rows.names(Disposition.REFUSED, false));
    text.append("\nSetting by setting, what works differs in this:\n\n");
    rows.differences().forEach(line -> text.append("- ").append(line).append('\n'));
    return text.append('\n').toString();
  }

  private static void list(StringBuilder text, String title, List<String> names) {
    text.append("\n**").append(title).append("**: ");
    text.append(names.isEmpty() ? "none" : String.join(", ", names)).append(".\n");
  }

  private static void row(StringBuilder text, List<String> cells) {
    cells.forEach(cell -> text.append("| ").append(cell.replace("|", "\\|")).append(' '));
    text.append("|\n");
  }

  private static String code(String text) {
    return text.isEmpty() ? "" : "`" + text + "`";
  }
}
