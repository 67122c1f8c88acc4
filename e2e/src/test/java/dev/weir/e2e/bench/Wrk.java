package dev.weir.e2e.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Debian's wrk: a closed loop that costs CPU 1 as little as possible. */
final class Wrk {
  private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");

  private Wrk() {}

  /**
   * Keeps one request in flight on each connection; answers how many were answered.
   *
   * @param seconds whole seconds; wrk takes no others
   * @param script none, or {@code -s}, a file, {@code --} and its arguments
   * @throws IOException if one was not answered with a status below 400
   */
  static long run(String url, int connections, int seconds, String... script)
      throws IOException, InterruptedException {
    var command = command(connections, seconds);
    // Options before the URL, the script's own arguments after it.
    command.addAll(List.of(script).subList(0, Math.min(2, script.length)));
    command.add(url);
    command.addAll(List.of(script).subList(Math.min(2, script.length), script.length));
    return run(command);
  }

  /**
   * The same with fields of the request's head, {@code Name: value}.
   *
   * @throws IOException as above
   */
  static long run(String url, int connections, int seconds, List<String> fields)
      throws IOException, InterruptedException {
    var command = command(connections, seconds);
    fields.forEach(field -> command.addAll(List.of("-H", field)));
    command.add(url);
    return run(command);
  }

  private static List<String> command(int connections, int seconds) {
    return new ArrayList<>(List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s"));
  }

  private static long run(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    var requests = REQUESTS.matcher(output);
    if (output.contains("Non-2xx") || output.contains("Socket errors") || !requests.find()) {
      throw new IOException(String.join(" ", command) + " fails:\n" + output);
    }
    return Long.parseLong(requests.group(1));
  }
}
