package dev.weir.e2e.garden;

import dev.weir.e2e.garden.Http2Draft.Field;
import dev.weir.testsupport.http2.Frame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * Makes inputs of HTTP/2: requests at the same time by a grammar, two thirds of them mutated such
 * that they would be something else if they were written as HTTP/1 as they are. The same seed gives
 * the same inputs. One thread.
 */
final class Http2Inputs {
  /** What each target begins with: whose it is. */
  static final Pattern TARGET = Pattern.compile("/h\\d+-\\d+-");

  /** Bytes of a frame that say how long it is. */
  private static final int LENGTH = 3;

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final List<String> TARGETS =
      List.of("", "?q=1", "?a=/../b", "/", "/a/", "/a%20b", "/%2fy", ";p=1", "/%c3%a9", "/~a!$&'*");

  /** Fields that change nothing for a server behind the proxy. */
  private static final List<Field> FIELDS =
      List.of(
          new Field("accept", "*/*"),
          new Field("cookie", "a=b"),
          new Field("cookie", "c=d"),
          new Field("te", "trailers"),
          new Field("x_y", "1"),
          new Field("x-a", "\u00ff\t\u00fe"),
          new Field("x-b", ""),
          new Field("x-forwarded-for", "1.2.3.4"),
          new Field("range", "bytes=0-1"),
          new Field("priority", "u=1, i"),
          new Field("expect", "100-continue"));

  private final Random random;
  private final Http2Mutations mutations;

  Http2Inputs(long seed) {
    random = new Random(seed);
    mutations = new Http2Mutations(random);
  }

  Http2Input next(int number) {
    int requests = 1 + random.nextInt(3);
    var drafts = new ArrayList<Http2Draft>();
    var intended = new ArrayList<Seen>();
    for (int k = 0; k < requests; k++) {
      var draft = draft(number + "-" + k);
      drafts.add(draft);
      intended.add(
          new Seen(
              "",
              draft.get(":method"),
              draft.get(":path"),
              Journal.summary(draft.body.getBytes(StandardCharsets.ISO_8859_1)),
              "m" + number + "-" + k));
    }
    boolean mutated = random.nextInt(3) > 0;
    if (mutated) {
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        mutations.mutate(drafts.get(random.nextInt(requests)));
      }
    }
    var streams = new ArrayList<ArrayDeque<byte[]>>();
    for (int k = 0; k < requests; k++) {
      streams.add(drafts.get(k).frames(2 * k + 1, random));
    }
    return new Http2Input(
        number, woven(streams, mutated), requests, mutated ? List.of() : intended);
  }

  private Http2Draft draft(String marker) {
    var draft = new Http2Draft();
    draft.pseudo.add(new Field(":method", any(METHODS)));
    draft.pseudo.add(new Field(":scheme", "http"));
    draft.pseudo.add(new Field(":authority", Input.HOST));
    draft.pseudo.add(new Field(":path", "/h" + marker + "-" + any(TARGETS)));
    draft.fields.add(new Field("x-marker", "m" + marker));
    for (int i = random.nextInt(4); i > 0; i--) {
      draft.fields.add(random.nextInt(draft.fields.size() + 1), any(FIELDS));
    }
    if (draft.fields.stream().filter(field -> field.name().equals("expect")).count() > 1) {
      draft.fields.removeIf(field -> field.name().equals("expect"));
    }
    if (random.nextInt(2) == 0) {
      draft.hasBody = true;
      draft.body = body();
      if (random.nextBoolean()) {
        draft.fields.add(new Field("content-length", Integer.toString(draft.body.length())));
      }
      if (random.nextInt(5) == 0) {
        draft.trailers.add(new Field("x-t", "1"));
      }
    }
    return draft;
  }

  /** Often what would be a request, if somebody took it for one. */
  private String body() {
    return switch (random.nextInt(5)) {
      case 0 -> "";
      case 1 -> "x".repeat(1 + random.nextInt(200));
      case 2 -> "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
      case 3 -> "5\r\nhello\r\n0\r\n\r\n";
      default -> "GET /hidden HTTP/1.1\r\nHost: a.test\r\nX-Marker: hidden\r\n\r\n";
    };
  }

  /** Frames of all streams in any order, but of each in its own; streams begin one by one. */
  private List<byte[]> woven(List<ArrayDeque<byte[]>> streams, boolean mutated) {
    var frames = new ArrayList<byte[]>();
    int begun = 0;
    while (streams.stream().anyMatch(left -> !left.isEmpty())) {
      int k = random.nextInt(Math.min(begun + 1, streams.size()));
      begun = Math.max(begun, k + 1);
      var next = streams.get(k).poll();
      if (next != null) {
        frames.add(next);
      }
      if (random.nextInt(20) == 0) {
        frames.add(Frame.ping(k).bytes());
      }
    }
    if (mutated && random.nextInt(8) == 0) {
      var bytes = frames.get(random.nextInt(frames.size()));
      // Not the length: nothing would be expected of what follows.
      bytes[LENGTH + random.nextInt(bytes.length - LENGTH)] = (byte) random.nextInt(256);
    }
    return frames;
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
