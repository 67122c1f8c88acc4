package dev.weir.testsupport.http2;

import dev.weir.testsupport.Escapes;
import dev.weir.testsupport.http2.FrameCase.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads files of cases; {@code dataplane/src/test/resources/corpus/README.md} has their form. */
public final class FrameCases {
  private final String area;

  private FrameCases(String area) {
    this.area = area;
  }

  /** All cases of a folder's files. */
  public static List<FrameCase> in(Path folder) {
    var cases = new ArrayList<FrameCase>();
    try (var files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var reader = new FrameCases(String.valueOf(file.getFileName()).replace(".txt", ""));
        for (var block : Files.readString(file).split("\n\n+", -1)) {
          if (!block.isBlank() && !block.startsWith("#")) {
            cases.add(reader.read(block.stripTrailing()));
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError("no cases in " + folder.toAbsolutePath(), e);
    }
    return cases;
  }

  private FrameCase read(String block) {
    var name = "";
    boolean opened = true;
    boolean begun = false;
    int logged = -1;
    var end = "";
    var input = new ArrayList<Step>();
    Map<Integer, String> streams = new TreeMap<>();
    var output = new StringBuilder();
    var lines = block.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      var line = lines[i];
      try {
        switch (line.charAt(0)) {
          case '[' -> name = area + " " + line;
          case '>' -> {
            int last = i;
            while (last + 1 < lines.length && lines[last + 1].startsWith("  ")) {
              last++;
            }
            input.addAll(
                FrameLine.read(line.substring(2), List.of(lines).subList(i + 1, last + 1)));
            i = last;
          }
          case '!' -> opened = false;
          case '<' -> output.append(outgoing(line));
          case '=' -> {
            var words = line.substring(2).split(" ", 2);
            switch (words[0]) {
              case "goaway" -> end = words[1];
              case "closed", "waiting" -> end = words[0];
              case "begun" -> begun = true;
              case "logged" -> logged = Integer.parseInt(words[1]);
              default -> streams.put(Integer.valueOf(words[0]), words[1]);
            }
          }
          default -> throw new IllegalArgumentException("not a line of a case");
        }
      } catch (RuntimeException e) {
        throw new AssertionError(name + ": " + line, e);
      }
    }
    if (logged < 0) {
      logged = (int) streams.values().stream().filter(what -> !what.equals("open")).count();
    }
    return new FrameCase(name, opened, input, streams, end, begun, logged, output.toString());
  }

  private static String outgoing(String line) {
    if (line.startsWith("<<")) {
      return Escapes.undo(line.substring(3));
    }
    return Escapes.undo(line.length() > 1 ? line.substring(2) : "") + "\r\n";
  }
}
