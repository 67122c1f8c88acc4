package dev.weir.dataplane.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testsupport.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
  private static final int LINES = 200_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gzip, deflate, br             | 1000 | 1000 | 0
          gzip                          | 0    | 1000 | 0
          GZip;Q=0.5 , BR;q=0.75        | 750  | 500  | 0
          br;q=0, gzip;q=0.001          | 0    | 1    | 0
          gzip;q=1.000, br;q=0.000      | 0    | 1000 | 0
          gzip\t;\tq=0.3                | 0    | 300  | 0
          x-gzip                        | 0    | 1000 | 0
          x-gzip, gzip;q=0              | 0    | 0    | 0
          *                             | 0    | 1000 | 0
          *;q=0.2, br                   | 1000 | 200  | 0
          gzip;q=0, *                   | 0    | 0    | 0
          *;q=0                         | 0    | 0    | 0
          identity;q=0                  | 0    | 0    | 0
          identity, gzip;q=0.5          | 0    | 500  | 1000
          identity;q=0.4, *;q=0.5       | 0    | 500  | 400
          gzip;q=0.1, gzip              | 0    | 100  | 0
          gzip;q=2                      | 0    | 0    | 0
          gzip;q=1.5                    | 0    | 0    | 0
          gzip;q=0.1234                 | 0    | 0    | 0
          gzip;q=-1                     | 0    | 0    | 0
          gzip;q=                       | 0    | 0    | 0
          gzip;                         | 0    | 0    | 0
          gzip;level=9                  | 0    | 0    | 0
          gzip;q=0.5;level=9            | 0    | 0    | 0
          gzip;q=.5                     | 0    | 0    | 0
          gzip;q=0.x                    | 0    | 0    | 0
          gzip;q=0x                     | 0    | 0    | 0
          gzipped, brotli, bro          | 0    | 0    | 0
          ,,gzip,,                      | 0    | 1000 | 0
          gzip br                       | 0    | 0    | 0
          ''                            | 0    | 0    | 0
          """)
  void weightsAreReadAsTheyAreWritten(String line, int brotli, int gzip, int identity) {
    assertThat(AcceptEncoding.of(List.of(line.replace("\\t", "\t"))))
        .isEqualTo(new AcceptEncoding(brotli, gzip, identity));
  }

  @Test
  void linesCountTogether() {
    assertThat(AcceptEncoding.of(List.of("deflate", "br;q=0.5", "gzip, br")))
        .isEqualTo(new AcceptEncoding(500, 1000, 0));
    assertThat(AcceptEncoding.of(List.of())).isEqualTo(new AcceptEncoding(0, 0, 0));
  }

  /** The same by expressions and lists, slowly. */
  private static AcceptEncoding slowly(List<String> lines) {
    var names = List.of("br", "gzip", "x-gzip", "identity", "*");
    var weights = new ArrayList<Integer>(List.of(-1, -1, -1, -1, -1));
    var weighed = Pattern.compile("(?i)q=(0(?:\\.[0-9]{0,3})?|1(?:\\.0{0,3})?)");
    for (var element : String.join(",", lines).split(",", -1)) {
      var parts = element.split(";", 2);
      int name = names.indexOf(trim(parts[0]).toLowerCase(Locale.ROOT));
      if (name >= 0 && weights.get(name) < 0) {
        var weight = parts.length == 1 ? null : weighed.matcher(trim(parts[1]));
        double value =
            weight == null ? 1 : weight.matches() ? Double.parseDouble(weight.group(1)) : 0;
        weights.set(name, (int) Math.round(value * 1000));
      }
    }
    int gzip = weights.get(1) >= 0 ? weights.get(1) : weights.get(2);
    gzip = gzip >= 0 ? gzip : weights.get(4);
    return new AcceptEncoding(
        Math.max(0, weights.get(0)), Math.max(0, gzip), Math.max(0, weights.get(3)));
  }

  private static String trim(String text) {
    return text.replaceAll("^[ \t]+|[ \t]+$", "");
  }

  @Test
  void whateverIsSentIsReadAsTheSlowReferenceReadsIt() {
    long seed = Seed.get();
    var random = new Random(seed);
    var words =
        List.of(
            "gzip",
            "br",
            "x-gzip",
            "identity",
            "*",
            "deflate",
            "GZIP",
            ",",
            ",",
            ";",
            ";q=",
            "q",
            "=",
            "0",
            "1",
            ".",
            "5",
            "123",
            "0.5",
            "1.0",
            " ",
            "\t",
            "é",
            "q=0.7",
            ";q=0",
            "-");
    for (int i = 0; i < LINES; i++) {
      List<String> lines = new ArrayList<>();
      for (int line = random.nextInt(3); line >= 0; line--) {
        var text = new StringBuilder();
        for (int word = random.nextInt(9); word > 0; word--) {
          text.append(words.get(random.nextInt(words.size())));
        }
        lines.add(text.toString());
      }
      assertThat(AcceptEncoding.of(lines)).as("seed %d, %s", seed, lines).isEqualTo(slowly(lines));
    }
  }
}
