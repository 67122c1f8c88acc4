package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A Service and what plays its pods.
 *
 * @param endpoints how many pods answer
 * @param refusing how many more refuse connections
 * @param silent how many more never accept a connection
 * @param replies tried in order; without one that fits, the pod echoes
 */
record ServiceForm(Kind kind, int endpoints, int refusing, int silent, List<ReplyForm> replies) {
  enum Kind {
    SERVED,
    /** There is the Service, but no endpoint. */
    EMPTY,
    /** There is no such Service. */
    MISSING
  }

  static final ServiceForm ECHO = new ServiceForm(Kind.SERVED, 1, 0, 0, List.of());

  static ServiceForm read(String where, JsonNode node) {
    if (node.isTextual()) {
      return switch (node.asText()) {
        case "echo" -> ECHO;
        case "empty" -> new ServiceForm(Kind.EMPTY, 0, 0, 0, List.of());
        case "missing" -> new ServiceForm(Kind.MISSING, 0, 0, 0, List.of());
        default ->
            throw new IllegalArgumentException(
                where + ": expected echo, empty, missing or a mapping");
      };
    }
    var form = Form.of(where, node);
    var replies = new ArrayList<ReplyForm>();
    for (var reply : form.list("replies")) {
      replies.add(ReplyForm.read(where + ".replies", reply));
    }
    var read =
        new ServiceForm(
            Kind.SERVED,
            form.number("endpoints", 1),
            form.number("refusing", 0),
            form.number("silent", 0),
            replies);
    form.end();
    return read;
  }
}
