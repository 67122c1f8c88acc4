package dev.weir.e2e.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How often tasks of the program's own probe waited for an event loop, all loops together.
 *
 * @param upTo waits so far that took at most so many seconds
 */
record LoopWaits(TreeMap<Double, Long> upTo) {
  private static final Pattern BUCKET =
      Pattern.compile(
          "^weir_loop_queue_delay_seconds_bucket\\{.*le=\"([^\"]+)\"} (\\d+)$", Pattern.MULTILINE);

  /** As the program counts now. */
  static LoopWaits now(Proxy proxy) throws IOException {
    var upTo = new TreeMap<Double, Long>();
    var address = URI.create("http://127.0.0.1:" + proxy.adminPort() + "/metrics").toURL();
    try (var in = address.openStream()) {
      var matcher = BUCKET.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      while (matcher.find()) {
        var bound = matcher.group(1);
        double seconds =
            bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound);
        upTo.merge(seconds, Long.parseLong(matcher.group(2)), Long::sum);
      }
    }
    return new LoopWaits(upTo);
  }

  /** Those that came after {@code before}. */
  LoopWaits since(LoopWaits before) {
    var later = new TreeMap<Double, Long>();
    upTo.forEach((bound, count) -> later.put(bound, count - before.upTo.getOrDefault(bound, 0L)));
    return new LoopWaits(later);
  }

  long all() {
    return upTo.isEmpty() ? 0 : upTo.lastEntry().getValue();
  }

  /** Those that took longer, for one of the histogram's bounds. */
  long longerThan(double seconds) {
    return all() - upTo.getOrDefault(seconds, 0L);
  }

  /** No wait took longer than these seconds. */
  double most() {
    for (var each : upTo.entrySet()) {
      if (each.getValue() == all()) {
        return each.getKey();
      }
    }
    return 0;
  }
}
