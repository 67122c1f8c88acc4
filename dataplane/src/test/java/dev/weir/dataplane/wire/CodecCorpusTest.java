package dev.weir.dataplane.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.wire.Corpus.Case;
import dev.weir.dataplane.wire.ReplySession.Asked;
import dev.weir.dataplane.wire.ReplySession.End;
import dev.weir.dataplane.wire.ReplySession.Head;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The byte corpus through the codec: whole, split at every place, and in pieces of equal size. */
class CodecCorpusTest {
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: shop.example.com\r\n\r\n";

  /** Longer input is not split at every single place. */
  private static final int EVERY_PLACE_BELOW = 1024;

  private static final int EVERY_BYTE_BELOW = 10_000;

  static List<Case> requests() {
    return Corpus.requests();
  }

  static List<Case> replies() {
    return Corpus.replies();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("requests")
  void requestsAreReadAlikeHoweverTheyArrive(Case given) {
    var input = given.expects("closed") ? with(given.input(), SMUGGLED) : given.input();
    var outcome = ServerSession.read(input);
    if (!given.expects("route")) {
      assertThat(outcome.statuses()).isEqualTo(given.statuses());
      assertThat(outcome.closed()).isEqualTo(given.expects("closed"));
      var forwarded = new StringBuilder();
      for (var seen : outcome.requests()) {
        forwarded.append(seen.whole() ? seen.forwarded() + seen.body() : "");
      }
      assertThat(forwarded.toString()).isEqualTo(given.output());
    }
    for (int[] ends : splits(input)) {
      assertThat(ServerSession.read(input, ends))
          .as(() -> "in pieces that end at " + List.of(ends))
          .isEqualTo(outcome);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replies")
  void repliesAreReadAlikeHoweverTheyArrive(Case given) {
    var asked =
        switch (given.asked()) {
          case "HEAD" -> Asked.HEAD;
          case "UPGRADE" -> Asked.UPGRADE;
          default -> Asked.GET;
        };
    var outcome = ReplySession.read(asked, given.input());
    boolean kept = outcome.end() == End.REUSABLE && outcome.left() == 0 && !given.ends();
    assertThat(kept).isEqualTo(given.expects("kept"));
    if (given.statuses().getLast() == 502 || given.expects("broken")) {
      assertThat(outcome.end()).isEqualTo(given.ends() ? End.INCOMPLETE : End.MALFORMED);
    } else {
      var statuses = new ArrayList<Integer>();
      for (var head : outcome.heads()) {
        if (!isForNobody(head, given)) {
          statuses.add(head.status());
        }
      }
      assertThat(statuses).isEqualTo(given.statuses());
      int head = given.output().lastIndexOf("\r\n\r\n") + 4;
      assertThat(outcome.body()).isEqualTo(given.output().substring(head));
    }
    for (int[] ends : splits(given.input())) {
      assertThat(ReplySession.read(asked, given.input(), ends))
          .as(() -> "in pieces that end at " + List.of(ends))
          .isEqualTo(outcome);
    }
  }

  /** 100 ends at the proxy, and clients of HTTP/1.0 get no 1xx at all. */
  private static boolean isForNobody(Head head, Case given) {
    return head.status() == 100 || (head.status() < 200 && given.asked().endsWith("1.0"));
  }

  private static List<int[]> splits(byte[] input) {
    var splits = new ArrayList<int[]>();
    int[] sizes = input.length < EVERY_BYTE_BELOW ? new int[] {1, 2, 7} : new int[] {7, 1000};
    for (int size : sizes) {
      splits.add(IntStream.range(1, input.length).filter(i -> i % size == 0).toArray());
    }
    if (input.length < EVERY_PLACE_BELOW) {
      for (int i = 1; i < input.length; i++) {
        splits.add(new int[] {i});
      }
    }
    return splits;
  }

  private static byte[] with(byte[] input, String more) {
    return (new String(input, StandardCharsets.ISO_8859_1) + more)
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
