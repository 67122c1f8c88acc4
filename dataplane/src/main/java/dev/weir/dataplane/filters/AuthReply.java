package dev.weir.dataplane.filters;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.ExternalAuth;
import java.util.ArrayList;
import java.util.List;

/**
 * What is kept of an authentication service's answer.
 *
 * @param upstreamFields changes of the request if it passes
 * @param challenges values of {@code WWW-Authenticate}
 * @param cookies values of {@code Set-Cookie}
 */
record AuthReply(
    int status,
    List<HeadEdits.Edit> upstreamFields,
    List<String> challenges,
    List<String> cookies) {
  AuthReply {
    upstreamFields = List.copyOf(upstreamFields);
    challenges = List.copyOf(challenges);
    cookies = List.copyOf(cookies);
  }

  static AuthReply of(ReplyHead reply, ExternalAuth.Answer wanted) {
    var edits = new ArrayList<HeadEdits.Edit>();
    for (var name : wanted.upstreamFields()) {
      var values = reply.fields().all(name);
      // Nothing in the answer takes away what the client sent under that name.
      edits.add(
          new HeadEdits.Edit(name, values.isEmpty() ? null : String.join(", ", values), true));
    }
    return new AuthReply(
        reply.status(),
        edits,
        reply.status() == 401 ? reply.fields().all("www-authenticate") : List.of(),
        reply.fields().all("set-cookie"));
  }

  boolean passes() {
    return status >= 200 && status < 300;
  }

  /** About how many bytes it takes. */
  int weight() {
    int weight = 200;
    for (var edit : upstreamFields) {
      var value = edit.value();
      weight += value == null ? 0 : 60 + value.length();
    }
    for (var challenge : challenges) {
      weight += 60 + challenge.length();
    }
    return weight;
  }
}
