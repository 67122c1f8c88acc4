package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.Template;
import java.util.ArrayList;
import java.util.List;

/** What a filter makes of the lines of one field of an upstream's reply. */
final class ReplyRewriting {
  private ReplyRewriting() {}

  /** The lines as the client gets them. */
  static List<String> lines(ReplyFilter filter, String name, List<String> received) {
    var edits = new HeadEdits();
    filter.onReply(REQUEST, reply(name, received), edits);
    if (!edits.replaces(name)) {
      return received;
    }
    var sent = new ArrayList<String>();
    for (var edit : edits.edits()) {
      if (edit.replace()) {
        sent.clear();
      }
      var value = edit.value();
      if (value != null) {
        sent.add(value);
      }
    }
    return sent;
  }

  /** A line as the client gets it. */
  static String line(ReplyFilter filter, String name, String received) {
    return String.join("|", lines(filter, name, List.of(received)));
  }

  /** Every variable is a host with a semicolon in it. */
  private static final FilterRequest REQUEST =
      Stub.of(
          FilterRequest.class,
          (_, method, arguments) ->
              switch (method.getName()) {
                case "evaluate" -> evaluate((Template) arguments[0]);
                default -> throw new AssertionError(method.getName());
              });

  private static String evaluate(Template template) {
    var text = new StringBuilder();
    for (var part : template.parts()) {
      text.append(part instanceof Template.Literal(var literal) ? literal : "h;st");
    }
    return text.toString();
  }

  private static ReplyHead reply(String name, List<String> lines) {
    var fields =
        Stub.of(
            Fields.class,
            (_, method, arguments) -> {
              boolean asked = arguments[0].equals(name);
              return switch (method.getName()) {
                case "contains" -> asked && !lines.isEmpty();
                case "all" -> asked ? lines : List.of();
                default -> throw new AssertionError(method.getName());
              };
            });
    return Stub.of(ReplyHead.class, (_, _, _) -> fields);
  }
}
