package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.wire.ServerSession;
import dev.weir.dataplane.wire.ServerSession.Outcome;
import dev.weir.dataplane.wire.ServerSession.Seen;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What must hold for whatever a client sends. */
final class RequestOracle {
  private static final Set<String> REFUSALS =
      Set.of("400", "405", "413", "414", "417", "431", "501", "505");

  /** Fields that end at the proxy (RFC 9110 7.6.1) or are written anew. */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "te",
          "trailer",
          "expect",
          "upgrade",
          "connection",
          "keep-alive",
          "content-length",
          "transfer-encoding",
          "http2-settings",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization");

  private RequestOracle() {}

  /** Checks all of it. */
  static Outcome check(byte[] bytes) {
    var outcome = ServerSession.read(bytes);
    for (int[] ends : Splits.of(bytes)) {
      Finding.unlessEqual("in pieces", outcome, ServerSession.read(bytes, ends));
    }
    Finding.unless(
        outcome.refused() == 0 || REFUSALS.contains(Integer.toString(outcome.refused())),
        "status",
        outcome);
    checkFraming(Finding.text(bytes), outcome);
    for (var seen : outcome.requests()) {
      checkForwarded(seen);
    }
    return outcome;
  }

  private static void checkFraming(String text, Outcome outcome) {
    int at = 0;
    for (var seen : outcome.requests()) {
      var slow = SlowRequests.at(text, at);
      if (slow == null) {
        throw new AssertionError("accepted what is no request: " + seen);
      }
      Finding.unlessEqual("method", slow.method(), seen.method());
      Finding.unlessEqual("target", slow.target(), seen.target());
      Finding.unlessEqual("fields", slow.fields(), seen.fields());
      boolean last = seen.equals(outcome.requests().getLast());
      if (outcome.refused() == 0 || !last || seen.whole()) {
        Finding.unlessEqual("body", slow.body(), seen.body());
        Finding.unlessEqual("whole", slow.whole(), seen.whole());
      }
      at = slow.end();
    }
    if (outcome.refused() == 0 && !outcome.closed()) {
      var next = SlowRequests.at(text, at);
      Finding.unless(next == null, "swallowed a request", String.valueOf(next));
    }
  }

  /** The written head is a head, and is read as what was accepted. */
  static void checkForwarded(Seen seen) {
    Finding.unlessHead(seen.forwarded());
    if (seen.fields().size() > 97) {
      // What is added may be one field too many for our own limit.
      return;
    }
    var again = ServerSession.read(Finding.bytes(seen.forwarded()));
    Finding.unlessEqual("forwarded is accepted", 0, again.refused());
    Finding.unlessEqual("forwarded requests", 1, again.requests().size());
    var copy = again.requests().getFirst();
    Finding.unlessEqual("method", seen.method(), copy.method());
    Finding.unlessEqual("target", seen.target(), copy.target());
    var host = seen.authority().isEmpty() ? "endpoint.test" : seen.authority();
    Finding.unlessEqual("host", host, copy.authority());
    Finding.unlessEqual("length", seen.length(), copy.length());
    Finding.unlessEqual("fields", endToEnd(seen), endToEnd(copy));
  }

  private static List<String> endToEnd(Seen seen) {
    var dropped = new HashSet<>(OURS);
    for (var field : seen.fields()) {
      if (field.toLowerCase(Locale.ROOT).startsWith("connection: ")) {
        for (var name : field.substring(12).split(",", -1)) {
          dropped.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    var kept = new ArrayList<String>();
    for (var field : seen.fields()) {
      if (!dropped.contains(field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT))) {
        kept.add(field);
      }
    }
    return kept;
  }
}
