package dev.weir.e2e.garden;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes inputs: pipelined requests by a grammar, two thirds of them mutated in the ways that are
 * known to make servers disagree. The same seed gives the same inputs. One thread.
 */
final class Http1Inputs {
  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
  private static final List<String> TARGETS =
      List.of(
          "",
          "?q=1",
          "?a=/../b",
          "/",
          "/a/",
          "/a%20b",
          "//x",
          "/%2fy",
          ";p=1",
          "/%5c",
          "/%c3%a9",
          "/a?%zz",
          "/~a!$&'()*+,=:@");

  /** Fields that change nothing for a server behind the proxy. */
  private static final List<String> FIELDS =
      List.of(
          "Accept: */*",
          "Cookie: a=b; c=d",
          "Connection: keep-alive",
          "Connection: X-Hop",
          "X-Hop: 1",
          "TE: trailers",
          "X_Y: 1",
          "Transfer_Encoding: chunked",
          "Content_Length: 7",
          "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA",
          "Proxy-Connection: keep-alive",
          "Keep-Alive: timeout=5",
          "X-A:\t\u00ff\t",
          "X-B:",
          "Expect: 100-continue",
          "X-Forwarded-For: 1.2.3.4",
          "Range: bytes=0-1",
          "If-None-Match: *");

  private final Random random;
  private final Mutations mutations;

  Http1Inputs(long seed) {
    random = new Random(seed);
    mutations = new Mutations(random);
  }

  Input next(int number) {
    var text = new StringBuilder();
    var intended = new ArrayList<Seen>();
    int requests = 1 + random.nextInt(3);
    for (int k = 0; k < requests; k++) {
      request(text, intended, number + "-" + k);
    }
    if (random.nextInt(3) == 0) {
      return new Http1Input(number, text.toString(), intended);
    }
    var mutated = text.toString();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      mutated = mutations.mutate(mutated);
    }
    return new Http1Input(number, mutated, List.of());
  }

  private void request(StringBuilder text, List<Seen> intended, String marker) {
    var method = any(METHODS);
    var target = "/g" + marker + any(TARGETS);
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    var lines = new ArrayList<String>();
    lines.add("Host: " + Input.HOST);
    lines.add("X-Marker: m" + marker);
    for (int i = random.nextInt(4); i > 0; i--) {
      lines.add(any(FIELDS));
    }
    var body = "";
    var framed = "";
    switch (random.nextInt(3)) {
      case 0 -> {
        body = body();
        framed = body;
        lines.add("Content-Length: " + body.length());
      }
      case 1 -> {
        body = body();
        framed = chunks(body);
        lines.add("Transfer-Encoding: chunked");
      }
      default -> {}
    }
    var first = lines.removeFirst();
    Collections.shuffle(lines, random);
    lines.add(random.nextInt(lines.size() + 1), first);
    lines.forEach(line -> text.append(line).append("\r\n"));
    text.append("\r\n").append(framed);
    intended.add(
        new Seen(
            "",
            method,
            target,
            Journal.summary(body.getBytes(StandardCharsets.ISO_8859_1)),
            "m" + marker));
  }

  /** Often what would be a request, if somebody took it for one. */
  private String body() {
    return switch (random.nextInt(4)) {
      case 0 -> "";
      case 1 -> "x".repeat(1 + random.nextInt(40));
      case 2 -> "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n";
      default -> "GET /hidden HTTP/1.1\r\nHost: a.test\r\nX-Marker: hidden\r\n\r\n";
    };
  }

  private String chunks(String body) {
    var text = new StringBuilder();
    int at = 0;
    while (at < body.length()) {
      int size = Math.min(body.length() - at, 1 + random.nextInt(30));
      text.append(Integer.toHexString(size));
      text.append(random.nextInt(5) == 0 ? ";a=b" : "").append("\r\n");
      text.append(body, at, at + size).append("\r\n");
      at += size;
    }
    text.append(random.nextInt(8) == 0 ? "000\r\n" : "0\r\n");
    return text.append(random.nextInt(5) == 0 ? "X-T: 1\r\n\r\n" : "\r\n").toString();
  }

  private String any(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }
}
