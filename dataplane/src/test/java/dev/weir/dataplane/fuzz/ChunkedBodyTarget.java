package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.wire.OwnReply;
import dev.weir.dataplane.wire.ReplySession;
import dev.weir.dataplane.wire.ServerSession;

/**
 * What follows the head of a chunked request: its body and perhaps more requests. The body is also
 * sent back in chunks, which must be read as the same bytes.
 */
public final class ChunkedBodyTarget {
  private static final String HEAD =
      "POST /b HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";

  private ChunkedBodyTarget() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    var bytes = Finding.bytes(HEAD + Finding.text(input));
    var outcome = RequestOracle.check(bytes);
    var first = outcome.requests().getFirst();
    Finding.unlessEqual("length", RequestHead.UNKNOWN_LENGTH, first.length());
    if (!first.whole()) {
      return;
    }
    var sent =
        ServerSession.replies(
            bytes,
            body -> new ServerSession.Answer(OwnReply.of(200, RequestHead.UNKNOWN_LENGTH), body));
    var reply = ReplySession.read(ReplySession.Asked.GET, Finding.bytes(sent));
    Finding.unlessEqual("echoed", first.body(), reply.body());
  }
}
