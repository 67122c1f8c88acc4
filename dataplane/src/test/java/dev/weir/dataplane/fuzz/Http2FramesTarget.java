package dev.weir.dataplane.fuzz;

import dev.weir.dataplane.wire.Http2Session;
import dev.weir.testsupport.http2.Frame;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A whole connection of HTTP/2. If the first byte is {@code r}, what follows is what the client
 * sends. Otherwise it is the client's frames behind its preface and SETTINGS, each as a type,
 * flags, the number of its stream, the length of its payload, one byte each, and the payload; so
 * nearly every input is a sequence of frames.
 *
 * <p>However it arrives, it must come to the same, and what it makes go upstream must be requests
 * of HTTP/1.1 that mean what was accepted.
 */
public final class Http2FramesTarget {
  private static final int MOST_SPLIT = 400;
  private static final int BEFORE_PAYLOAD = 4;

  private Http2FramesTarget() {}

  /** Called by Jazzer. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    var rest = Arrays.copyOfRange(input, 1, input.length);
    var bytes = input[0] == 'r' ? rest : frames(rest);
    var outcome = Http2Session.read(bytes);
    if (bytes.length < MOST_SPLIT) {
      for (int[] ends : Splits.of(bytes)) {
        Finding.unlessEqual("in pieces", outcome, Http2Session.read(bytes, ends));
      }
    }
    outcome.requests().forEach(RequestOracle::checkForwarded);
  }

  /** The bytes of the connection that an input stands for. */
  static byte[] frames(byte[] input) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(Frame.preface());
    bytes.writeBytes(Frame.settings().bytes());
    int at = 0;
    while (input.length - at >= BEFORE_PAYLOAD) {
      int from = at + BEFORE_PAYLOAD;
      int to = Math.min(input.length, from + (input[at + 3] & 0xff));
      var payload = Arrays.copyOfRange(input, from, to);
      int stream = input[at + 2] & 0xff;
      bytes.writeBytes(new Frame(input[at] & 0xff, input[at + 1] & 0xff, stream, payload).bytes());
      at = to;
    }
    return bytes.toByteArray();
  }
}
