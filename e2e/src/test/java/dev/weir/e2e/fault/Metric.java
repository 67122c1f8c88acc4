package dev.weir.e2e.fault;

import dev.weir.e2e.harness.WeirProcess;
import java.util.function.DoublePredicate;

/** A series of the program's metrics, such as {@code weir_sockets{peer="client"}}. */
record Metric(WeirProcess weir, String series) {
  static Metric level(WeirProcess weir, String signal) {
    return new Metric(weir, "weir_overload_level{signal=\"" + signal + "\"}");
  }

  static Metric sockets(WeirProcess weir, String peer) {
    return new Metric(weir, "weir_sockets{peer=\"" + peer + "\"}");
  }

  static Metric directMemory(WeirProcess weir) {
    return new Metric(weir, "weir_direct_memory_bytes");
  }

  /** Its value now. */
  double value() {
    var text = weir.admin("/metrics").text();
    return text.lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + text));
  }

  /** Waits until its value fits. */
  double await(DoublePredicate fits) {
    return WeirProcess.eventually(series, this::value, fits::test);
  }
}
