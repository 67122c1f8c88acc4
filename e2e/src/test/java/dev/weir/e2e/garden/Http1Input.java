package dev.weir.e2e.garden;

import dev.weir.e2e.harness.WeirProcess;
import dev.weir.e2e.wire.Wire;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Pipelined requests.
 *
 * @param bytes as ISO 8859-1
 */
record Http1Input(int number, String bytes, List<Seen> intended) implements Input {

  @Override
  public String text() {
    return bytes.replace("\r", "\\r").replace("\n", "\\n");
  }

  @Override
  public boolean oneByOne() {
    return true;
  }

  @Override
  public List<Answer> send(WeirProcess weir) throws IOException {
    var answers = new ArrayList<Answer>();
    try (var wire = Wire.to(weir.http())) {
      wire.send(
          bytes
              + "GET /last/%d HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                  .formatted(number, HOST));
      while (true) {
        var reply = wire.reply();
        if (reply.status() >= 200) {
          var seen = reply.field("x-seen");
          answers.add(Answer.of(reply.status(), seen == null ? "" : seen));
        }
      }
    } catch (EOFException e) {
      return answers;
    }
  }
}
