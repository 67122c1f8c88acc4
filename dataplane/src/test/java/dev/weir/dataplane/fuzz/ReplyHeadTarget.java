package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.wire.OwnReply;
import dev.weir.dataplane.wire.ReplySession;
import dev.weir.dataplane.wire.ReplySession.Asked;
import dev.weir.dataplane.wire.ReplySession.End;
import dev.weir.dataplane.wire.ReplySession.Head;
import dev.weir.dataplane.wire.ReplySession.Outcome;
import dev.weir.dataplane.wire.ServerSession;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Whatever an endpoint sends. The first byte says what was asked. An accepted reply is also written
 * to a client, and read again as that client would.
 */
public final class ReplyHeadTarget {
  private static final Set<String> OURS =
      Set.of(
          "te",
          "trailer",
          "upgrade",
          "connection",
          "keep-alive",
          "content-length",
          "transfer-encoding",
          "proxy-connection",
          "proxy-authenticate");
  private static final byte[] GET = Finding.bytes("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  private static final byte[] HEAD = Finding.bytes("HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n");

  private ReplyHeadTarget() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    var asked =
        switch (input[0]) {
          case 'H' -> Asked.HEAD;
          case 'U' -> Asked.UPGRADE;
          default -> Asked.GET;
        };
    var bytes = Arrays.copyOfRange(input, 1, input.length);
    var outcome = ReplySession.read(asked, bytes);
    for (int[] ends : Splits.of(bytes)) {
      var pieces = ReplySession.read(asked, bytes, ends);
      Finding.unlessEqual("in pieces", outcome, pieces);
    }
    if (outcome.end() == End.MALFORMED
        || (outcome.end() == End.INCOMPLETE && outcome.heads().isEmpty())) {
      return;
    }
    Finding.unlessEqual("read slowly", SlowReply.read(asked, Finding.text(bytes)), outcome);
    var head = outcome.heads().getLast();
    if (head.status() >= 200) {
      checkWritten(asked, outcome, head);
    }
  }

  private static void checkWritten(Asked asked, Outcome outcome, Head head) {
    var reply = new OwnReply(head.status(), head.reason(), head.fields(), head.bodyLength());
    boolean counted = head.bodyLength() != RequestHead.UNKNOWN_LENGTH;
    if (counted && head.bodyLength() != outcome.body().length()) {
      return;
    }
    var text =
        ServerSession.replies(
            asked == Asked.HEAD ? HEAD : GET,
            body -> new ServerSession.Answer(reply, outcome.body()));
    Finding.unlessHead(text.substring(0, text.indexOf("\r\n\r\n") + 4));
    var again = ReplySession.read(asked, Finding.bytes(text));
    Finding.unlessEqual("written reply's bytes left", 0, again.left());
    Finding.unlessEqual("written body", outcome.body(), again.body());
    Finding.unlessEqual("written heads", 1, again.heads().size());
    Finding.unlessEqual("written status", head.status(), again.heads().getFirst().status());
    Finding.unlessEqual("written fields", endToEnd(head), endToEnd(again.heads().getFirst()));
  }

  private static List<String> endToEnd(Head head) {
    var dropped = new HashSet<>(OURS);
    for (var field : head.fields()) {
      if (field.toLowerCase(Locale.ROOT).startsWith("connection: ")) {
        for (var name : field.substring(12).split(",", -1)) {
          dropped.add(name.strip().toLowerCase(Locale.ROOT));
        }
      }
    }
    return head.fields().stream()
        .filter(
            field ->
                !dropped.contains(field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT)))
        .toList();
  }
}
