package dev.weir.e2e.garden;

import dev.weir.e2e.garden.Http2Draft.Field;
import java.util.List;
import java.util.Random;

/**
 * Small changes of a request, most of them such as would be something else in HTTP/1. One thread.
 */
final class Http2Mutations {
  private static final String HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";

  /** {@code $} is what stood there. */
  private static final List<String> METHODS =
      List.of(
          "$ ",
          "$\t",
          "$\0",
          "G ET",
          "get",
          "$ /hidden HTTP/1.1\r\nHost: a\r\n\r\n$",
          "",
          "PRI",
          "CONNECT");

  private static final List<String> PATHS =
      List.of(
          "$ HTTP/1.1\r\nHost: a.test\r\n\r\n" + HIDDEN,
          "$ HTTP/1.1",
          "$ ",
          "$\t",
          "$\r",
          "$\n",
          "$\0",
          "$#x",
          "$\\..\\hidden",
          "$/../hidden",
          "$%2e%2e/hidden",
          "$%0d%0a",
          "$%00",
          "$?\r\nx: y",
          "$\u00e9",
          "http://garden.test$",
          "http://a.test/hidden",
          "//a.test/hidden",
          "hidden",
          "*",
          "",
          "$?" + "q".repeat(9000));

  private static final List<String> SCHEMES =
      List.of("https", "http://a.test/?", "HTTP", "", "http\r\nx: y", "file");

  private static final List<String> AUTHORITIES =
      List.of(
          "$\r\nTransfer-Encoding: chunked",
          "$\r\n\r\n" + HIDDEN,
          "u@$",
          "$:80",
          "$.",
          "GARDEN.test",
          "$/hidden",
          "a.test",
          "",
          "$ ",
          "$\0");

  private static final List<Field> FIELDS =
      List.of(
          new Field("transfer-encoding", "chunked"),
          new Field("transfer-encoding ", "chunked"),
          new Field("transfer_encoding", "chunked"),
          new Field("Transfer-Encoding", "chunked"),
          new Field("transfer-encoding: chunked\r\nx", "y"),
          new Field("x", "y\r\ntransfer-encoding: chunked"),
          new Field("x", "y\ntransfer-encoding: chunked"),
          new Field("x", "y\r\n\r\n" + HIDDEN),
          new Field("x: y\r\n\r\n" + HIDDEN, "z"),
          new Field("x", "y\0z"),
          new Field("x", " y "),
          new Field("x y", "z"),
          new Field("x:y", "z"),
          new Field("", "z"),
          new Field(":path", "/hidden"),
          new Field(":authority", "a.test"),
          new Field(":status", "200"),
          new Field("host", "a.test"),
          new Field("host", "garden.test"),
          new Field("content-length", "0"),
          new Field("content-length", "7"),
          new Field("content-length", "+0"),
          new Field("content-length", "1, 1"),
          new Field("content-length", "0x5"),
          new Field("content-length", ""),
          new Field("content-length", "005"),
          new Field("content_length", "7"),
          new Field("content-length\0", "7"),
          new Field("connection", "close"),
          new Field("connection", "content-length, host"),
          new Field("keep-alive", "timeout=5"),
          new Field("proxy-connection", "keep-alive"),
          new Field("upgrade", "h2c"),
          new Field("http2-settings", "AAA"),
          new Field("te", "trailers"),
          new Field("te", "chunked"),
          new Field("trailer", "content-length"),
          new Field("expect", "100-continue"));

  private static final List<Field> TRAILERS =
      List.of(
          new Field("x-t", "1"),
          new Field("content-length", "7"),
          new Field("transfer-encoding", "chunked"),
          new Field("host", "a.test"),
          new Field(":path", "/hidden"),
          new Field("x-t", "1\r\n\r\n" + HIDDEN),
          new Field("X-T", "1"));

  private final Random random;

  Http2Mutations(Random random) {
    this.random = random;
  }

  void mutate(Http2Draft draft) {
    switch (random.nextInt(10)) {
      case 0 -> change(draft, ":method", METHODS);
      case 1, 2 -> change(draft, ":path", PATHS);
      case 3 -> change(draft, ":scheme", SCHEMES);
      case 4 -> change(draft, ":authority", AUTHORITIES);
      case 5 -> {
        draft.trailers.add(any(TRAILERS));
        draft.hasBody = true;
      }
      case 6 -> misorder(draft);
      case 7 -> draft.ends = false;
      default -> draft.fields.add(random.nextInt(draft.fields.size() + 1), any(FIELDS));
    }
  }

  private void change(Http2Draft draft, String name, List<String> instead) {
    draft.set(name, any(instead).replace("$", draft.get(name)));
  }

  /** Leaves a pseudo-field out, says it twice, or puts it behind the fields. */
  private void misorder(Http2Draft draft) {
    if (draft.pseudo.isEmpty()) {
      return;
    }
    var field = any(draft.pseudo);
    switch (random.nextInt(3)) {
      case 0 -> draft.pseudo.remove(field);
      case 1 -> draft.pseudo.add(field);
      default -> {
        draft.pseudo.remove(field);
        draft.fields.add(field);
      }
    }
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
