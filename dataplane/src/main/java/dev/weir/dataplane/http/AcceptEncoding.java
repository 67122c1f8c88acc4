package dev.weir.dataplane.http;

import java.util.List;

/**
 * How much a client wants each content coding that the proxy can make: the {@code Accept-Encoding}
 * fields of a request (RFC 9110 12.5.3). Weights are in thousandths, 0 for a coding that must not
 * be used.
 *
 * <p>{@code *} stands for gzip where that isn't named, and never for brotli: a client that has
 * heard of brotli names it. Of a coding that is named twice the first counts, and one whose weight
 * can't be read isn't used.
 *
 * @param gzip also by its old name {@code x-gzip}
 * @param identity no coding; 0 also where it isn't named, since it is then merely allowed
 */
public record AcceptEncoding(int brotli, int gzip, int identity) {
  private static final int WHOLE = 1000;
  private static final int UNNAMED = -1;

  /** The weights that these field lines give. */
  public static AcceptEncoding of(List<String> lines) {
    var weights = new Weights();
    for (int i = 0; i < lines.size(); i++) {
      weights.read(lines.get(i));
    }
    int gzip = weights.gzip;
    gzip = gzip == UNNAMED ? weights.oldGzip : gzip;
    gzip = gzip == UNNAMED ? weights.any : gzip;
    return new AcceptEncoding(
        Math.max(0, weights.brotli), Math.max(0, gzip), Math.max(0, weights.identity));
  }

  /** What was found so far; used by one {@link #of}. */
  private static final class Weights {
    private int brotli = UNNAMED;
    private int gzip = UNNAMED;
    private int oldGzip = UNNAMED;
    private int identity = UNNAMED;
    private int any = UNNAMED;

    void read(String line) {
      for (int start = 0; start <= line.length(); ) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        int semicolon = line.indexOf(';', start);
        int nameEnd = semicolon < 0 || semicolon > end ? end : semicolon;
        int name = skipBlanks(line, start, nameEnd);
        int weight = nameEnd == end ? WHOLE : weight(line, nameEnd + 1, end);
        note(line, name, trimEnd(line, name, nameEnd) - name, weight);
        start = end + 1;
      }
    }

    private void note(String line, int name, int length, int weight) {
      if (is("gzip", line, name, length)) {
        gzip = first(gzip, weight);
      } else if (is("br", line, name, length)) {
        brotli = first(brotli, weight);
      } else if (is("identity", line, name, length)) {
        identity = first(identity, weight);
      } else if (is("*", line, name, length)) {
        any = first(any, weight);
      } else if (is("x-gzip", line, name, length)) {
        oldGzip = first(oldGzip, weight);
      }
    }

    private static int first(int before, int weight) {
      return before == UNNAMED ? weight : before;
    }

    private static boolean is(String coding, String line, int at, int length) {
      return coding.length() == length && line.regionMatches(true, at, coding, 0, length);
    }
  }

  /** The weight that {@code q=0.5} between two places says; 0 if it is none. */
  private static int weight(String line, int from, int to) {
    int at = skipBlanks(line, from, to);
    int end = trimEnd(line, at, to);
    int digits = end - at - 2;
    if (digits < 1
        || digits > "0.123".length()
        || (line.charAt(at) | 0x20) != 'q'
        || line.charAt(at + 1) != '='
        || (digits > 1 && line.charAt(at + 3) != '.')) {
      return 0;
    }
    int weight = digit(line, at + 2) * WHOLE;
    int unit = WHOLE;
    for (int i = at + 4; i < end; i++) {
      unit /= 10;
      weight += digit(line, i) * unit;
    }
    return weight < 0 || weight > WHOLE ? 0 : weight;
  }

  /** The digit's value; where there is none, so little that no sum with it is above 0. */
  private static int digit(String line, int at) {
    char c = line.charAt(at);
    return c >= '0' && c <= '9' ? c - '0' : -100 * WHOLE;
  }

  private static int skipBlanks(String line, int from, int to) {
    int at = from;
    while (at < to && isBlank(line.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int trimEnd(String line, int from, int to) {
    int end = to;
    while (end > from && isBlank(line.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
