package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Service and what plays its pods.
 *
 * @param endpoints how many pods answer
 * @param refusing how many more refuse connections
 * @param silent how many more never accept a connection
 * @param replies tried in order; without one that fits, the pod echoes
 * @param tls how they speak TLS; null if they don't
 * @param address the Service's own address: {@code none} for none, {@code own} for one where
 *     another pod listens, whose name ends in {@code -service}; empty for one where nobody does
 */
record ServiceForm(
    Kind kind,
    int endpoints,
    int refusing,
    int silent,
    List<ReplyForm> replies,
    @Nullable TlsForm tls,
    String address) {
  enum Kind {
    SERVED,
    /** There is the Service, but no endpoint. */
    EMPTY,
    /** There is no such Service. */
    MISSING
  }

  static final ServiceForm ECHO = new ServiceForm(Kind.SERVED, 1, 0, 0, List.of(), null, "");

  private static ServiceForm without(Kind kind) {
    return new ServiceForm(kind, 0, 0, 0, List.of(), null, "");
  }

  static ServiceForm read(String where, JsonNode node) {
    if (node.isTextual()) {
      return switch (node.asText()) {
        case "echo" -> ECHO;
        case "empty" -> without(Kind.EMPTY);
        case "missing" -> without(Kind.MISSING);
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
            replies,
            form.has("tls") ? TlsForm.read(form.form("tls")) : null,
            form.text("address", ""));
    form.end();
    return read;
  }
}
