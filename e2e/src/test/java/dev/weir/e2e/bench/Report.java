package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * One section of the results file, in Markdown; says at its head which commit was measured on what
 * machine. Each benchmark replaces its own section and leaves the others as they are.
 */
final class Report {
  private static final String FILE_HEAD =
      "# Benchmark results\n\nEach section is written by the command that it names; not edited by"
          + " hand.\n";

  private final String title;
  private final StringBuilder body = new StringBuilder();

  /**
   * @param title of the section, also the name of the script that writes it
   */
  Report(String title) {
    this.title = title;
  }

  void line(String text) {
    body.append(text).append("\n\n");
  }

  /** Begins a table. */
  void table(String... columns) {
    cells(columns);
    body.append("|---".repeat(columns.length)).append("|\n");
  }

  void cells(String... cells) {
    body.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  void endTable() {
    body.append('\n');
  }

  void row(String what, String format, double value, String aim) {
    var text = String.format(Locale.ROOT, format, value);
    cells(what, text, aim);
    System.err.println(what + ": " + text);
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f %%", value);
  }

  /** Puts this section in its place in the file, or at its end. */
  void writeTo(Path file) throws IOException, InterruptedException {
    var text = Files.exists(file) ? Files.readString(file) : FILE_HEAD;
    var begin = "\n<!-- begin " + title + " -->\n";
    var end = "<!-- end " + title + " -->\n";
    int from = text.indexOf(begin);
    var before = from < 0 ? text : text.substring(0, from);
    var after = from < 0 ? "" : text.substring(text.indexOf(end, from) + end.length());
    Files.writeString(file, before + begin + section() + end + after);
    System.err.println("wrote " + file);
  }

  private String section() throws IOException, InterruptedException {
    return "## "
        + title
        + "\n\nWritten by `e2e/bench/"
        + title
        + "`.\n\n- commit: "
        + output("git", "rev-parse", "--short=12", "HEAD")
        + (output("git", "status", "--porcelain", "--untracked-files=no").isEmpty()
            ? ""
            : " with uncommitted changes")
        + "\n- machine: "
        + processor()
        + ", "
        + processors()
        + " cores, Linux "
        + System.getProperty("os.version")
        + ", JDK "
        + Runtime.version()
        + "\n\n"
        + body;
  }

  private static String processor() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return System.getProperty("os.arch");
  }

  /** Of the machine, not of the one CPU that this process may use. */
  private static long processors() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(line -> line.startsWith("processor")).count();
    }
  }

  /** What a command prints. */
  static String output(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text.strip();
  }
}
