package dev.weir.dataplane.overload;

import java.util.Locale;

/** What may become scarce, and from which reading on which {@link Rung} is taken. */
enum Signal {
  /** What of the old generation its last collection left, as a part of it. */
  HEAP(0.70, 0.80, 0.90, 0.95),

  /** Netty's direct memory as a part of what it may be. */
  DIRECT_MEMORY(0.70, 0.80, 0.90, 0.95),

  /** Client connections as a part of those that file descriptors allow; requests take none. */
  DESCRIPTORS(0.70, 0.90, Signal.NEVER, 1.0),

  /**
   * How long an event loop lets a task wait, in seconds. To end connections would cost it more than
   * it saves.
   */
  QUEUE_DELAY(Signal.NEVER, Signal.NEVER, 0.1, 1.0);

  private static final double NEVER = Double.POSITIVE_INFINITY;

  /** A rung is left only when the reading is that part of what it was entered at. */
  private static final double LEAVES_AT = 0.9;

  private final double shortIdle;
  private final double noKeepAlive;
  private final double shed;
  private final double noAccepts;

  Signal(double shortIdle, double noKeepAlive, double shed, double noAccepts) {
    this.shortIdle = shortIdle;
    this.noKeepAlive = noKeepAlive;
    this.shed = shed;
    this.noAccepts = noAccepts;
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
    return entered(reading / LEAVES_AT);
  }
}
