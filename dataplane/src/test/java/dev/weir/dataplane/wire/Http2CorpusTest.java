package dev.weir.dataplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.http2.FieldBlock;
import dev.weir.testsupport.http2.Frame;
import dev.weir.testsupport.http2.FrameCase;
import dev.weir.testsupport.http2.FrameCases;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The frames of the corpus through the codec: whole, split at every place, and byte by byte. */
class Http2CorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus/http2");
  private static final int EVERY_PLACE_BELOW = 450;

  /** Above every stream of a case. */
  private static final int AFTER = 1001;

  static List<FrameCase> cases() {
    return FrameCases.in(CORPUS);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void framesAreReadAlikeHoweverTheyArrive(FrameCase given) {
    var input = given.waits() ? given.bytes() : withAnother(given);
    var outcome = Http2Session.read(input);
    check(given, outcome);
    for (int[] ends : splits(input)) {
      assertThat(Http2Session.read(input, ends))
          .as(() -> "in pieces that end at " + IntStream.of(ends).boxed().toList())
          .isEqualTo(outcome);
    }
  }

  private static void check(FrameCase given, Http2Session.Outcome outcome) {
    assertThat(outcome.end()).as("end").isEqualTo(given.waits() ? "" : given.end());
    var expected = new HashMap<>(given.streams());
    expected.values().removeIf("open"::equals);
    var forwarded = given.output();
    if (given.goesOn()) {
      expected.put(AFTER, "200");
      forwarded += "GET /after HTTP/1.1\r\nHost: " + FrameCase.HOST + "\r\n\r\n";
    }
    assertThat(outcome.streams()).as("streams").isEqualTo(expected);
    assertThat(outcome.forwarded()).as("forwarded").isEqualTo(forwarded);
  }

  /** A further request on the same connection, which may be over. */
  private static byte[] withAnother(FrameCase given) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(given.bytes());
    var block = FieldBlock.get(FrameCase.HOST, "/after");
    bytes.writeBytes(Frame.headers(AFTER, block, true).bytes());
    return bytes.toByteArray();
  }

  private static List<int[]> splits(byte[] input) {
    var splits = new ArrayList<int[]>();
    for (int size : new int[] {1, 2, 7}) {
      splits.add(IntStream.range(1, input.length).filter(i -> i % size == 0).toArray());
    }
    if (input.length < EVERY_PLACE_BELOW) {
      for (int i = 1; i < input.length; i++) {
        splits.add(new int[] {i});
      }
    }
    return splits;
  }
}
