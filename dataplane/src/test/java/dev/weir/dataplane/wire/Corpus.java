package dev.weir.dataplane.wire;

import dev.weir.testsupport.Escapes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** The byte corpus; {@code src/test/resources/corpus/README.md} describes its format. */
public final class Corpus {
  private static final Path ROOT = Path.of("src/test/resources/corpus");
  private static final Pattern REPEATED = Pattern.compile("(\\d+) x ([<>].*)");

  /**
   * A case.
   *
   * @param name file, row and name
   * @param input bytes that arrive
   * @param asked of a reply: what was asked
   * @param ends whether the sender closes after its bytes
   * @param expected statuses and words
   * @param output bytes that go out on the other side
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Case(
      String name, byte[] input, String asked, boolean ends, List<String> expected, String output) {
    /** The statuses of the replies. */
    public List<Integer> statuses() {
      return expected.stream()
          .filter(word -> Character.isDigit(word.charAt(0)))
          .map(Integer::valueOf)
          .toList();
    }

    /** Whether that word stands among what is expected. */
    public boolean expects(String word) {
      return expected.contains(word);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private Corpus() {}

  /** Cases of what clients send. */
  public static List<Case> requests() {
    return cases("requests");
  }

  /** Cases of what endpoints send. */
  public static List<Case> replies() {
    return cases("replies");
  }

  private static List<Case> cases(String folder) {
    var cases = new ArrayList<Case>();
    try (var files = Files.list(ROOT.resolve(folder))) {
      for (var file : files.sorted().toList()) {
        var area = String.valueOf(file.getFileName()).replace(".txt", "");
        for (var block : Files.readString(file).split("\n\n+", -1)) {
          if (!block.isBlank() && !block.startsWith("#")) {
            cases.add(parse(area, block.strip()));
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError("no corpus in " + ROOT.toAbsolutePath(), e);
    }
    return cases;
  }

  private static Case parse(String area, String block) {
    var input = new StringBuilder();
    var output = new StringBuilder();
    var name = "";
    var asked = "GET";
    boolean ends = false;
    var expected = List.<String>of();
    for (var line : block.split("\n", -1)) {
      var repeated = REPEATED.matcher(line);
      int times = repeated.matches() ? Integer.parseInt(repeated.group(1)) : 1;
      var once = repeated.matches() ? repeated.group(2) : line;
      switch (once.charAt(0)) {
        case '[' -> name = area + " " + once;
        case '>' -> input.append(bytes(once).repeat(times));
        case '<' -> output.append(bytes(once).repeat(times));
        case '?' -> asked = once.substring(2);
        case 'e' -> ends = true;
        case '=' -> expected = Arrays.asList(once.substring(2).split(" ", -1));
        default -> throw new AssertionError("not a line of a case: " + line);
      }
    }
    return new Case(
        name,
        input.toString().getBytes(StandardCharsets.ISO_8859_1),
        asked,
        ends,
        expected,
        output.toString());
  }

  private static String bytes(String line) {
    if (line.length() > 1 && line.charAt(1) == line.charAt(0)) {
      return Escapes.undo(line.substring(3));
    }
    return Escapes.undo(line.length() > 1 ? line.substring(2) : "") + "\r\n";
  }
}
