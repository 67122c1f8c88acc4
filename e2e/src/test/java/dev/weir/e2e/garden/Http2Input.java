package dev.weir.e2e.garden;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.http2.Http2Reply;
import dev.weir.e2e.http2.Http2Wire;
import dev.weir.testsupport.http2.ErrorCode;
import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Requests at the same time, as frames of one connection.
 *
 * @param streams how many there are: 1, 3, 5 and so on
 */
record Http2Input(int number, List<byte[]> frames, int streams, List<Seen> intended)
    implements Input {

  @Override
  public String text() {
    var text = new StringBuilder();
    for (var frame : frames) {
      text.append(HexFormat.of().formatHex(frame)).append(' ');
      text.append(new String(frame, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]+", "."))
          .append('\n');
    }
    return text.toString();
  }

  @Override
  public boolean oneByOne() {
    return false;
  }

  @Override
  public List<Answer> send(WeirProcess weir) throws IOException {
    int last = 2 * streams + 1;
    var bytes = new ByteArrayOutputStream();
    frames.forEach(bytes::writeBytes);
    var block = FieldBlock.get(HOST, "/h" + number + "-" + streams + "-last");
    bytes.writeBytes(Frame.headers(last, block, true).bytes());
    try (var client = Http2Wire.to(weir.http())) {
      client.send(bytes.toByteArray());
      if (client.ended(last)) {
        resetWhatNeverEnds(client);
        // What was begun is answered, then the connection ends.
        client.send(Frame.goAway(0, ErrorCode.NO_ERROR));
        client.awaitClose();
      }
      var answers = new ArrayList<Answer>();
      for (int stream = 1; stream <= last; stream += 2) {
        answers.add(answer(client.soFar(stream)));
      }
      return answers;
    }
  }

  private void resetWhatNeverEnds(Http2Wire client) throws IOException {
    for (int stream = 1; stream < 2 * streams; stream += 2) {
      if (!hasEnd(stream)) {
        client.send(Frame.reset(stream, ErrorCode.CANCEL));
      }
    }
  }

  private boolean hasEnd(int stream) {
    return frames.stream()
        .filter(frame -> (frame[8] & 0xff) == stream)
        .anyMatch(frame -> frame[3] <= Frame.HEADERS && (frame[4] & Frame.END_STREAM) != 0);
  }

  private static Answer answer(Http2Reply reply) {
    var seen = reply.field("x-seen");
    return reply.status() == 0 ? Answer.NONE : Answer.of(reply.status(), seen == null ? "" : seen);
  }
}
