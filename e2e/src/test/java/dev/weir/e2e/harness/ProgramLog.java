package dev.weir.e2e.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the program printed, standard output and standard error together.
 *
 * <p>Thread rule: any thread.
 */
public final class ProgramLog {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Findings are about users' objects; tests that make bad objects look at them. That a loop's
   * tasks wait is about the machine; tests look at their replies.
   */
  private static final Pattern PROBLEM =
      Pattern.compile(
          "LEAK:|^\\S+ (ERROR|WARN ) (?!findings:|Overload: overload: queue delay)|^Exception"
              + " in|^WARNING:|^\\s+at [\\w.$/]+\\(");

  /** How lines of the access log begin. */
  private static final String CLIENT = "127.";

  private final List<String> lines = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();
  private boolean ended;
  private boolean withoutRequests;

  synchronized void add(String line) {
    if (!withoutRequests || !line.startsWith(CLIENT)) {
      lines.add(line);
      notifyAll();
    }
  }

  /** Keeps no line about a request from now on: there will be millions. */
  public synchronized void forgetRequests() {
    withoutRequests = true;
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Lines with this text are no problem. */
  public synchronized void expect(String text) {
    expected.add(text);
  }

  /** All lines so far. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** The lines so far that contain a text. */
  public List<String> lines(String text) {
    return lines().stream().filter(line -> line.contains(text)).toList();
  }

  /** The first line that contains a text; waits for it, and fails if the program ends before. */
  public String await(String text) {
    return await("a line with \"" + text + "\"", line -> line.contains(text));
  }

  /** The first line that fits; waits for it. */
  public String await(String what, Predicate<String> fits) {
    return await(what, PATIENCE, fits);
  }

  /** The same, for so long. */
  String await(String what, Duration patience, Predicate<String> fits) {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      int seen = 0;
      while (true) {
        for (; seen < lines.size(); seen++) {
          if (fits.test(lines.get(seen))) {
            return lines.get(seen);
          }
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (ended || left <= 0) {
          throw new AssertionError(
              (ended ? "The program ended without " : "No sign of ")
                  + what
                  + "; it printed:\n"
                  + text());
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /** Leaks, errors and warnings that no test expects. */
  synchronized List<String> problems() {
    return lines.stream()
        .filter(line -> PROBLEM.matcher(line).find())
        .filter(line -> expected.stream().noneMatch(line::contains))
        .toList();
  }

  /** Everything, as printed. */
  public synchronized String text() {
    return String.join("\n", lines) + "\n";
  }
}
