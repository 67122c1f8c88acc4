package dev.weir.dataplane.overload;

import java.util.Locale;

/** What may become scarce, and from which reading on which {@link Rung} is taken. */
enum Signal {
  /** What lives in the heap, as its collections have shown, as a part of what may. */
  HEAP(0.70, 0.80, 0.90, 0.95, Signal.CLEARLY_LESS),

  /** Netty's direct memory as a part of what it may be. */
  DIRECT_MEMORY(0.70, 0.80, 0.90, 0.95, Signal.CLEARLY_LESS),

  /**
   * Client connections as a part of those that file descriptors allow; requests take none. Each one
   * that ends makes room for another, and those that are left may last for hours (WebSockets), so
   * little is waited for.
   */
  DESCRIPTORS(0.70, 0.90, Signal.NEVER, 1.0, 0.98),

  /**
   * How long an event loop lets a task wait, in seconds. To end connections would cost it more than
   * it saves.
   */
  QUEUE_DELAY(Signal.NEVER, Signal.NEVER, 0.1, 1.0, Signal.CLEARLY_LESS);

  private static final double NEVER = Double.POSITIVE_INFINITY;

  private static final double CLEARLY_LESS = 0.9;

  private final double shortIdle;
  private final double noKeepAlive;
  private final double shed;
  private final double noAccepts;
  private final double leavesAt;

  /**
   * Rungs are entered at these readings.
   *
   * @param leavesAt a rung is left only when the reading is that part of what it was entered at
   */
  Signal(double shortIdle, double noKeepAlive, double shed, double noAccepts, double leavesAt) {
    this.shortIdle = shortIdle;
    this.noKeepAlive = noKeepAlive;
    this.shed = shed;
    this.noAccepts = noAccepts;
    this.leavesAt = leavesAt;
  }

  /** The value of the label {@code signal}, and of {@code reason}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reading as people write it. */
  String text(double reading) {
    return this == QUEUE_DELAY
        ? String.format(Locale.ROOT, "queue delay of %.0f ms", reading * 1000)
        : String.format(Locale.ROOT, "%s at %.0f %%", label().replace('_', ' '), reading * 100);
  }

  /** What whoever runs the proxy can do about it, for the log. */
  String remedy() {
    return switch (this) {
      case HEAP -> "more heap helps, -Xmx in WEIR_JAVA_OPTS";
      case DIRECT_MEMORY ->
          "more helps, -XX:MaxDirectMemorySize in WEIR_JAVA_OPTS or a higher memory limit";
      case DESCRIPTORS -> "more file descriptors help, ulimit -n";
      case QUEUE_DELAY -> "more CPU helps, or another replica";
    };
  }

  /** Whether a rung's measure does any good. */
  boolean takes(Rung rung) {
    return rung != Rung.NORMAL && entered(rung) < NEVER;
  }

  private double entered(Rung rung) {
    return switch (rung) {
      case NORMAL -> 0;
      case SHORT_IDLE -> shortIdle;
      case NO_KEEP_ALIVE -> noKeepAlive;
      case SHED -> shed;
      case NO_ACCEPTS -> noAccepts;
    };
  }

  /** The highest reading that doesn't ask for a rung yet. */
  double below(Rung rung) {
    return Math.nextDown(entered(rung));
  }

  /** The rung that a reading asks for. */
  Rung entered(double reading) {
    var highest = Rung.NORMAL;
    for (var rung : Rung.values()) {
      highest = reading >= entered(rung) ? rung : highest;
    }
    return highest;
  }

  /** The highest rung on which one may stay with a reading. */
  Rung kept(double reading) {
    return entered(reading / leavesAt);
  }
}
