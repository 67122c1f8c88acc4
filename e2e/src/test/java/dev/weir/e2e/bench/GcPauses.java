package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How long the collections of a JVM stopped its threads, read from the log that it writes of them.
 */
final class GcPauses {
  private static final Pattern PAUSE =
      Pattern.compile(" GC\\(\\d+\\) Pause (\\w+).* (\\d+\\.\\d+)ms$");

  private final Path log;
  private int skipped;

  /** Of the JVM that has {@link #flag}. */
  GcPauses(Path log) {
    this.log = log;
  }

  /** For the JVM's command line. */
  String flag() {
    return "-Xlog:gc:file=" + log + ":uptime:filecount=0";
  }

  /** Only what comes from now on counts. */
  void begin() throws IOException {
    skipped = Files.readAllLines(log).size();
  }

  /**
   * One collection that stopped all threads.
   *
   * @param full whether of all generations
   */
  record Pause(boolean full, double millis) {}

  /** All since the beginning. */
  List<Pause> all() throws IOException {
    var pauses = new ArrayList<Pause>();
    var lines = Files.readAllLines(log);
    for (var line : lines.subList(skipped, lines.size())) {
      var matcher = PAUSE.matcher(line);
      if (matcher.find()) {
        pauses.add(
            new Pause(matcher.group(1).equals("Full"), Double.parseDouble(matcher.group(2))));
      }
    }
    return pauses;
  }
}
