package dev.weir.e2e.garden;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small changes of bytes, most of them around framing. One thread. */
final class Mutations {
  /** A kind of place, and what may stand there instead; {@code $} is what stood there. */
  private record Rule(Pattern place, List<String> instead) {
    static Rule of(String place, String... instead) {
      return new Rule(Pattern.compile(place), List.of(instead));
    }
  }

  private static final String TE = "Transfer-Encoding: chunked\r\n";
  private static final List<Rule> RULES =
      List.of(
          Rule.of(
              "(?<=Transfer-Encoding:) chunked",
              "chunked",
              "  chunked",
              "\tchunked",
              " \u000bchunked",
              " chunked\u000b",
              " \u00a0chunked",
              " chunked\0",
              " Chunked",
              " identity",
              " xchunked",
              " \"chunked\"",
              " chunked;a=b",
              " x, chunked",
              " chunked, x",
              " chunked, identity",
              ", chunked",
              " chunked,",
              "\r\n chunked",
              "\n chunked",
              " chunked\r\nTransfer-Encoding: x",
              " x\r\nTransfer-Encoding: chunked"),
          Rule.of(
              "Transfer-Encoding(?=: )",
              "Transfer-Encoding ",
              "Transfer-Encoding\t",
              " Transfer-Encoding",
              "\tTransfer-Encoding",
              "TRANSFER-ENCODING",
              "Transfer_Encoding",
              "Transfer\u00adEncoding",
              "X: y\nTransfer-Encoding",
              "X: y\rTransfer-Encoding",
              "X: y\r\n Transfer-Encoding",
              "\u000bTransfer-Encoding",
              "X-Transfer-Encoding",
              ":Transfer-Encoding"),
          Rule.of("(?<=Content-Length:) \\d+", " +$", "$$", " -$", " $, $", " $,0", " 0x$", " $.0"),
          Rule.of(
              "(?<=Content-Length:) \\d+",
              " $ 1",
              " 0$",
              " $\u000b",
              "\t$",
              " 1$",
              " ",
              " 5",
              " 0"),
          Rule.of(
              "Content-Length: \\d+\r\n",
              TE + "$",
              "$" + TE,
              "$$",
              "$Content-Length: 0\r\n",
              "Content-Length: 4\r\n$",
              "content-length : 3\r\n$",
              ""),
          Rule.of(TE, "$$", "Content-Length: 5\r\n$", "$Content-Length: 5\r\n", ""),
          Rule.of(" HTTP/1\\.1\r\n", " HTTP/1.0\r\n", " HTTP/1.2\r\n", " HTTP/2.0\r\n", "\r\n"),
          Rule.of(" HTTP/1\\.1\r\n", " HTTP/1.1 \r\n", "  HTTP/1.1\r\n", "\tHTTP/1.1\r\n", "$$"),
          Rule.of(
              "Host: [^\r]*\r\n", "", "$$", "Host: other.test\r\n$", "host: garden.test:80\r\n"),
          Rule.of("\r\n", "\n", "\r", "\r\r\n", "\r\n\r\n", "\n\r\n", "\r\n ", "\0\r\n", ""),
          Rule.of(
              "(?<=\r\n)[0-9a-f]{1,2}(?=\r\n|;)",
              "0$",
              "+$",
              "0x$",
              " $",
              "$ ",
              "$;",
              "$;a=\"\r\n\"",
              "$\r",
              "$\n",
              "-$",
              "1$",
              "0000000000000000$",
              "g",
              "$,"),
          Rule.of("(GET|POST|PUT) /", "$/", "G\0ET /", "$$", "http://garden.test/", "GET\t/"),
          Rule.of(" /g", " /../g", " http://garden.test/g", " //g", " /%00g", " /\\g", " g", " *"),
          Rule.of("Connection: [^\r]*", "Connection: close", "Connection: X-Marker", "$, close"));

  private final Random random;

  Mutations(Random random) {
    this.random = random;
  }

  /** The text with one change; without any if the chosen place does not occur. */
  String mutate(String text) {
    return random.nextInt(5) == 0 ? anywhere(text) : byRule(text);
  }

  private String byRule(String text) {
    var rule = RULES.get(random.nextInt(RULES.size()));
    var places = rule.place.matcher(text).results().toList();
    if (places.isEmpty()) {
      return text;
    }
    var place = places.get(random.nextInt(places.size()));
    var instead =
        rule.instead
            .get(random.nextInt(rule.instead.size()))
            .replaceAll("\\$", Matcher.quoteReplacement(place.group()));
    return text.substring(0, place.start()) + instead + text.substring(place.end());
  }

  private String anywhere(String text) {
    int at = random.nextInt(text.length());
    int to = Math.min(text.length(), at + 1 + random.nextInt(8));
    var piece = text.substring(at, to);
    var instead =
        switch (random.nextInt(4)) {
          case 0 -> "";
          case 1 -> piece + piece;
          case 2 -> String.valueOf((char) random.nextInt(256)) + piece;
          default -> String.valueOf((char) (piece.charAt(0) ^ (1 << random.nextInt(8))));
        };
    return text.substring(0, at) + instead + text.substring(to);
  }
}
