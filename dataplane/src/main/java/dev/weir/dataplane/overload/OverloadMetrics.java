package dev.weir.dataplane.overload;

import dev.weir.dataplane.telemetry.Labels;
import dev.weir.dataplane.telemetry.MetricType;
import dev.weir.dataplane.telemetry.MetricWriter;
import java.util.List;

/** The readings as metrics. Any thread. */
final class OverloadMetrics {
  private static final double NANOS = 1e9;

  private OverloadMetrics() {}

  static void ladders(MetricWriter out, List<Ladder> ladders) {
    out.family(
        "weir_overload_level",
        MetricType.GAUGE,
        "What is given up for it: 0 nothing, 1 long idle times, 2 keep-alive, 3 requests,"
            + " 4 connections.");
    for (var ladder : ladders) {
      out.sample(label(ladder), ladder.inEffect().level());
    }
    out.family(
        "weir_overload_usage_ratio", MetricType.GAUGE, "How much of it is in use; 1 is all.");
    for (var ladder : ladders) {
      if (ladder.signal() != Signal.QUEUE_DELAY) {
        out.sample(label(ladder), ladder.reading());
      }
    }
  }

  private static Labels label(Ladder ladder) {
    return Labels.of("signal", ladder.signal().label());
  }

  static void descriptors(MetricWriter out, Descriptors descriptors) {
    out.family(
        "weir_direct_memory_bytes", MetricType.GAUGE, "Memory of buffers outside of the heap.");
    out.sample(Labels.NONE, Memory.directBytes());
    out.family("weir_sockets", MetricType.GAUGE, "Open connections, by who is at the other end.");
    out.sample(Labels.of("peer", "client"), descriptors.clients());
    out.sample(Labels.of("peer", "endpoint"), descriptors.upstreams());
    out.family(
        "weir_client_sockets_limit",
        MetricType.GAUGE,
        "Client connections that file descriptors allow.");
    out.sample(Labels.NONE, descriptors.clientLimit());
  }

  static void loops(MetricWriter out, List<LoopWatch> watches) {
    out.family(
        "weir_loop_queue_delay_seconds",
        MetricType.HISTOGRAM,
        "How long a task waited for its event loop, tried every 50 ms.");
    for (int i = 0; i < watches.size(); i++) {
      watches.get(i).waits().write(out, loop(i));
    }
    out.family(
        "weir_loop_stalls_total",
        MetricType.COUNTER,
        "Turns of an event loop that kept a task waiting for longer than 50 ms.");
    for (int i = 0; i < watches.size(); i++) {
      out.sample(loop(i), watches.get(i).stalls());
    }
    out.family(
        "weir_loop_longest_stall_seconds",
        MetricType.GAUGE,
        "The longest that a task was seen to wait for its event loop since the start.");
    for (int i = 0; i < watches.size(); i++) {
      out.sample(loop(i), watches.get(i).longest() / NANOS);
    }
  }

  private static Labels loop(int index) {
    return Labels.of("loop", Integer.toString(index + 1));
  }
}
