package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A case as its file has it.
 *
 * @param node where it was read from, with placeholders
 * @param flags of the program, beside the usual ones
 * @param warnings texts of warnings of the program that belong to it
 * @param spans all that the collector gets, in order; null if nobody looks
 */
record Case(
    String file,
    String id,
    String shows,
    JsonNode node,
    List<String> flags,
    List<String> warnings,
    World world,
    List<Step> steps,
    LogCheck log,
    @Nullable List<SpanForm> spans) {

  /**
   * What the program logs while the case runs.
   *
   * @param contains each is in a line
   * @param matches each matches a whole line
   * @param lacks each is in no line
   */
  record LogCheck(List<String> contains, List<String> matches, List<String> lacks) {}

  static Case read(String file, JsonNode node) {
    var form = Form.of(file + " " + node.path("id").asText("(no id)"), node);
    var id = form.text("id");
    // The documentation and its test ask for these.
    form.texts("acts");
    form.texts("contrast");
    var steps = new ArrayList<Step>();
    for (var step : form.list("steps")) {
      steps.add(Step.read(form.where() + " step " + (steps.size() + 1), step));
    }
    var log = form.form("log");
    var logCheck = new LogCheck(log.texts("contains"), log.texts("matches"), log.texts("lacks"));
    log.end();
    var spans = new ArrayList<SpanForm>();
    for (var span : form.list("spans")) {
      spans.add(SpanForm.read(form.where() + " span " + (spans.size() + 1), span));
    }
    var read =
        new Case(
            file,
            id,
            form.text("shows"),
            node,
            form.texts("flags"),
            form.texts("warnings"),
            World.read(form),
            steps,
            logCheck,
            form.has("spans") ? spans : null);
    form.end();
    return read;
  }

  /** The namespace of its objects. */
  String namespace() {
    return "case-" + id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
  }

  @Override
  public String toString() {
    return id + " " + shows;
  }
}
