package dev.weir.dataplane.tracing;

import dev.weir.dataplane.filter.RequestSpan;
import dev.weir.dataplane.filter.SpanSink;
import dev.weir.dataplane.model.TracingSettings;
import dev.weir.dataplane.model.TracingSettings.Batches;
import dev.weir.dataplane.telemetry.Labels;
import dev.weir.dataplane.telemetry.LogPause;
import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.MetricType;
import dev.weir.dataplane.telemetry.MetricWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers spans and sends them to the collector that the settings name. The queue is bounded: while
 * a collector is slow, gone or hangs, spans are dropped and counted, and traffic doesn't notice.
 *
 * <p>{@link #take} may be called by any thread and never waits; {@link #settings} is for one thread
 * at a time.
 */
public final class SpanExport implements SpanSink, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpanExport.class);

  /** How long the last spans may take when all ends. */
  private static final long CLOSE_MILLIS = 2_000;

  private static final long LOG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final ConcurrentLinkedQueue<RequestSpan> queue = new ConcurrentLinkedQueue<>();

  /** Of the queue; it may be ahead of it for an instant. */
  private final AtomicInteger waiting = new AtomicInteger();

  private final LongAdder sent = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final Map<String, String> variables;
  private final LogPause pause = new LogPause(System::nanoTime, LOG_PAUSE_NANOS);
  private volatile TracingSettings settings = TracingSettings.DEFAULT;
  private volatile @Nullable Thread worker;
  private volatile boolean closing;

  /** Owned by the worker. */
  private @Nullable OtlpSender sender;

  /**
   * @param variables of the process; those of OpenTelemetry say what is none of the ConfigMap's
   */
  public SpanExport(Map<String, String> variables) {
    this.variables = variables;
  }

  /** What holds from now on; without a collector, spans that wait for one are dropped. */
  public void settings(TracingSettings now) {
    settings = now;
    if (!now.exports()) {
      dropped.add(poll(Integer.MAX_VALUE).size());
    }
    var running = worker;
    if (running != null) {
      LockSupport.unpark(running);
    } else if (now.exports() && !closing) {
      // Not one of Netty's threads: it may wait.
      worker = Thread.ofPlatform().name("weir-tracing").daemon(true).start(this::run);
    }
  }

  @Override
  public void take(RequestSpan span) {
    var batches = settings.batches();
    int before = waiting.getAndIncrement();
    if (before >= batches.queue() || closing) {
      waiting.decrementAndGet();
      dropped.increment();
      return;
    }
    queue.add(span);
    if (before + 1 == batches.most()) {
      LockSupport.unpark(worker);
    }
  }

  private void run() {
    while (!closing) {
      awaitBatch();
      sendBatch();
    }
    while (!queue.isEmpty() && !Thread.currentThread().isInterrupted()) {
      sendBatch();
    }
    closeSender();
  }

  /** Until there is enough for a batch, or what there is waited long enough. */
  private void awaitBatch() {
    long since = System.nanoTime();
    while (!closing) {
      Batches batches = settings.batches();
      long left = batches.delay().toNanos() - (System.nanoTime() - since);
      if (left <= 0 || waiting.get() >= batches.most()) {
        return;
      }
      LockSupport.parkNanos(this, left);
    }
  }

  private void sendBatch() {
    var now = settings;
    var spans = poll(now.batches().most());
    if (!now.exports()) {
      dropped.add(spans.size());
      closeSender();
    } else if (!spans.isEmpty()) {
      send(spans, now);
    }
  }

  private void send(List<RequestSpan> spans, TracingSettings now) {
    String why;
    try {
      var open = sender(now);
      why = open.send(spans);
      if (!why.isEmpty() && open.outdated()) {
        closeSender();
        why = sender(now).send(spans);
      }
    } catch (RuntimeException | LinkageError e) {
      why = e.toString();
    }
    if (why.isEmpty()) {
      sent.add(spans.size());
      return;
    }
    failed.add(spans.size());
    if (pause.begin() >= 0 && !closing) {
      LOG.warn(
          "Spans don't reach the collector at {} ({}): {}; {} of them are lost so far, {} more for"
              + " want of room to wait. Requests are served all the same; correct"
              + " otlp-collector-host, otlp-collector-port and otlp-collector-protocol, or see to"
              + " the collector.",
          now.collector().url(),
          now.collector().protocol(),
          why,
          failed.sum(),
          dropped.sum());
    }
  }

  private OtlpSender sender(TracingSettings now) {
    var open = sender;
    if (open != null && open.serves(now)) {
      return open;
    }
    closeSender();
    var made = new OtlpSender(now.collector(), now.service(), new OtlpEnvironment(variables));
    sender = made;
    return made;
  }

  private void closeSender() {
    var open = sender;
    sender = null;
    if (open != null) {
      open.close();
    }
  }

  private List<RequestSpan> poll(int most) {
    var spans = new ArrayList<RequestSpan>();
    while (spans.size() < most) {
      var span = queue.poll();
      if (span == null) {
        break;
      }
      spans.add(span);
    }
    waiting.addAndGet(-spans.size());
    return spans;
  }

  @Override
  public void collect(MetricWriter out) {
    if (worker == null) {
      return;
    }
    out.family(
        "weir_trace_spans_total",
        MetricType.COUNTER,
        "Spans of requests: sent to the collector, failed to be, or dropped because too many"
            + " waited.");
    out.sample(Labels.of("result", "sent"), sent.sum());
    out.sample(Labels.of("result", "failed"), failed.sum());
    out.sample(Labels.of("result", "dropped"), dropped.sum());
  }

  /** Sends what waits, as far as that goes quickly, and ends. */
  @Override
  public void close() {
    closing = true;
    var running = worker;
    if (running == null) {
      return;
    }
    LockSupport.unpark(running);
    try {
      running.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.interrupt();
  }
}
