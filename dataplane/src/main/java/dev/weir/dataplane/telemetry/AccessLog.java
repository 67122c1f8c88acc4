package dev.weir.dataplane.telemetry;

import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the lines of requests, on a thread of its own. A thread that logs puts its line into a
 * ring of its own and goes on; where a ring is full, because nobody reads what is written, the line
 * is dropped and counted (hardening.md F29).
 *
 * <p>{@link #log} may be called by any thread and never waits. Lines of one thread keep their
 * order; those of different threads may be written in another order than they came.
 */
public final class AccessLog implements MetricSource, AutoCloseable {
  /** ingress-nginx's default path, in its image a link to standard output. */
  public static final String STANDARD_PATH = "/var/log/nginx/access.log";

  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);
  private static final Set<String> STANDARD = Set.of("", STANDARD_PATH, "/dev/stdout");

  /** For each thread that logs: some thousand lines. */
  static final int RING_BYTES = 1 << 20;

  /** How long lines are gathered while there are any. */
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long CLOSE_MILLIS = 2_000;

  private final OutputStream standard;
  private final List<LogRing> rings = new CopyOnWriteArrayList<>();
  private final FastThreadLocal<LogRing> ring =
      new FastThreadLocal<>() {
        @Override
        protected LogRing initialValue() {
          var made = new LogRing(RING_BYTES);
          rings.add(made);
          return made;
        }
      };
  private final LongAdder dropped = new LongAdder();
  private final AtomicBoolean asleep = new AtomicBoolean();
  private final Thread writer;
  private volatile String path = "";
  private volatile boolean closing;

  /** Owned by the writer. */
  private String openPath = "";

  /** Owned by the writer; null while lines go to {@link #standard}. */
  private @Nullable OutputStream file;

  /** Owned by the writer. */
  private boolean failing;

  /**
   * Starts.
   *
   * @param standard where lines go unless a path is set; not closed by this
   */
  public AccessLog(OutputStream standard) {
    this.standard = standard;
    writer = Thread.ofPlatform().name("weir-access-log").daemon(true).unstarted(this::run);
    writer.start();
  }

  /** Sends lines to a file from now on; {@link #STANDARD_PATH} and empty are standard output. */
  public void path(String newPath) {
    path = STANDARD.contains(newPath) ? "" : newPath;
  }

  /**
   * Takes a line, which ends in a line feed.
   *
   * @param length how many bytes of {@code line}, which may be used again afterwards
   */
  public void log(byte[] line, int length) {
    var mine = ring.get();
    if (!mine.put(line, length)) {
      dropped.increment();
      return;
    }
    if (asleep.compareAndSet(true, false) || mine.halfFull()) {
      LockSupport.unpark(writer);
    }
  }

  /** Lines that were dropped so far. */
  public long dropped() {
    return dropped.sum();
  }

  private void run() {
    var taken = new byte[RING_BYTES];
    boolean idle = false;
    while (!closing) {
      if (writeAll(taken)) {
        idle = false;
        LockSupport.parkNanos(GATHER_NANOS);
      } else if (idle) {
        LockSupport.park();
        idle = false;
      } else {
        // Looked at once more after this is set, so that no line comes in between unnoticed.
        asleep.set(true);
        idle = true;
      }
    }
    writeAll(taken);
    closeFile();
  }

  private boolean writeAll(byte[] taken) {
    boolean any = false;
    for (var each : rings) {
      int length = each.take(taken);
      if (length > 0) {
        any = true;
        write(taken, length);
      }
    }
    return any;
  }

  private void write(byte[] lines, int length) {
    try {
      var out = output();
      out.write(lines, 0, length);
      out.flush();
      failing = false;
    } catch (IOException e) {
      for (int i = 0; i < length; i++) {
        if (lines[i] == '\n') {
          dropped.increment();
        }
      }
      if (!failing) {
        failing = true;
        LOG.error("Lines of the access log are lost: writing them to {} fails", describe(), e);
      }
    }
  }

  private OutputStream output() {
    var wanted = path;
    if (!wanted.equals(openPath)) {
      closeFile();
      openPath = wanted;
      file = wanted.isEmpty() ? null : open(wanted);
    }
    var to = file;
    return to == null ? standard : to;
  }

  private @Nullable OutputStream open(String wanted) {
    try {
      return Files.newOutputStream(
          Path.of(wanted), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException | RuntimeException e) {
      LOG.error(
          "access-log-path {} can't be opened, so the access log goes to standard output: {}",
          wanted,
          e.toString());
      return null;
    }
  }

  private void closeFile() {
    var open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warn("Closing {} failed: {}", openPath, e.toString());
      }
    }
  }

  private String describe() {
    return file == null ? "standard output" : openPath;
  }

  @Override
  public void collect(MetricWriter out) {
    out.family(
        "weir_access_log_dropped_lines_total",
        MetricType.COUNTER,
        "Lines of the access log that were dropped because nobody took them.");
    out.sample(Labels.NONE, dropped());
  }

  /** Writes what is there and ends; gives up where the output doesn't take it. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(writer);
    try {
      writer.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
