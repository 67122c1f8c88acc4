package dev.weir.dataplane.overload;

import static java.util.Objects.requireNonNull;

import dev.weir.dataplane.telemetry.MetricSource;
import dev.weir.dataplane.telemetry.MetricWriter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what may become scarce, decides what is given up, and gives it up: the door of this
 * package. Each {@link Signal} climbs a {@link Ladder} of its own; the measures of all are taken.
 *
 * <p>Requests are shed in two ways: all of them while memory is short; while loops let tasks wait,
 * on each loop the part that its {@link LoopProbe} says. Neither is done because a CPU quota is
 * used up: see there.
 */
public final class Overload implements Admission, MetricSource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Overload.class);

  /**
   * Nanoseconds between two counts of descriptors, which take milliseconds if there are many, and
   * between other things that needn't be done at each look.
   */
  private static final long PAUSE_OF_COUNTS = TimeUnit.SECONDS.toNanos(2);

  private final OverloadConfig config;
  private final Relief relief;
  private final Descriptors descriptors;
  private final OverloadCounts counts;
  private final Map<Signal, Ladder> ladders = new EnumMap<>(Signal.class);
  private final List<LoopProbe> probes = new ArrayList<>();
  private final List<LoopWatch> watches = new ArrayList<>();
  private final IdentityHashMap<EventLoop, LoopProbe> byLoop = new IdentityHashMap<>();
  private final HeapCollections collections;
  private final BufferTrim buffers = new BufferTrim();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("weir-overload").factory());
  private volatile Set<Rung> measures = Set.of();
  private volatile @Nullable Signal scarceMemory;

  /** The measures for which something was done last. */
  private Set<Rung> relieved = Set.of();

  /** Whether any request may be shed. */
  private volatile boolean sheds;

  private long lookedAt = System.nanoTime();
  private long countedAt = lookedAt - PAUSE_OF_COUNTS;
  private long throttled;
  private boolean throttlingRead;
  private boolean heldUp;

  /**
   * Doesn't look yet.
   *
   * @param loops are probed
   * @param counts what was refused
   */
  public Overload(
      OverloadConfig config,
      EventLoopGroup loops,
      Descriptors descriptors,
      OverloadCounts counts,
      Relief relief) {
    this.config = config;
    this.relief = relief;
    this.descriptors = descriptors;
    this.counts = counts;
    this.collections = new HeapCollections(config.heap());
    for (var signal : Signal.values()) {
      ladders.put(signal, new Ladder(signal));
    }
    for (var each : loops) {
      var loop = (EventLoop) each;
      var probe = new LoopProbe(loop, "event loop " + (probes.size() + 1));
      probes.add(probe);
      watches.add(new LoopWatch(probe));
      byLoop.put(loop, probe);
    }
  }

  /** Looks from now on. */
  public void start() {
    long period = config.period().toNanos();
    var _ = thread.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
  }

  private void look() {
    try {
      long now = System.nanoTime();
      boolean onTime = now - lookedAt < config.period().toNanos() + LoopWatch.STALL / 2;
      lookedAt = now;
      throttlingRead = false;
      for (int i = 0; i < probes.size(); i++) {
        lookAt(probes.get(i), watches.get(i), now, onTime);
      }
      boolean changed = take(Signal.HEAP, heap(now), now);
      changed |= take(Signal.DIRECT_MEMORY, config.directMemory().getAsDouble(), now);
      changed |= take(Signal.DESCRIPTORS, descriptors.takeClientUse(), now);
      changed |= take(Signal.QUEUE_DELAY, queueDelay(), now);
      if (changed) {
        decide();
      }
      sheds = scarceMemory != null || probes.stream().anyMatch(probe -> probe.share() > 0);
      if (changed) {
        relieve();
        ladders.values().forEach(Ladder::takeEffect);
      }
      collections.ask(ladder(Signal.HEAP).rung(), now);
      if (now - countedAt >= PAUSE_OF_COUNTS) {
        countedAt = now;
        countDescriptors();
        keepAccepting();
        if (ladder(Signal.DIRECT_MEMORY).rung() != Rung.NORMAL) {
          buffers.trim();
        }
      }
    } catch (RuntimeException e) {
      // The next look may fare better; without any the proxy would be unprotected.
      LOG.error("Looking at the load failed. This is a bug.", e);
    }
  }

  private double heap(long now) {
    return collections.reading(ladder(Signal.HEAP).rung(), now);
  }

  private void countDescriptors() {
    long others =
        config.openDescriptors().getAsLong() - descriptors.clients() - descriptors.upstreams();
    descriptors.others(Math.max(0, others));
  }

  /**
   * A listener that saw no room for another client rests by itself. It may come to rest when that
   * is long over and it was told to go on, where its thread was held up in between.
   */
  private void keepAccepting() {
    if (!measures.contains(Rung.NO_ACCEPTS) && !descriptors.full()) {
      relief.accept(true);
    }
  }

  private void lookAt(LoopProbe probe, LoopWatch watch, long now, boolean onTime) {
    if (probe.answered()) {
      long nanos = probe.delay();
      probe.take(probe.counted(this::heldUp), now);
      watch.answered(nanos);
      var _ = probe.ask();
    } else {
      watch.waiting(probe.waiting(now), now, onTime);
    }
  }

  /**
   * Whether the system held the process up since a look asked the last time. The same for all loops
   * of one look, which were held up together.
   */
  private boolean heldUp() {
    if (!throttlingRead) {
      throttlingRead = true;
      long before = throttled;
      throttled = config.throttled().getAsLong();
      heldUp = throttled != before;
    }
    return heldUp;
  }

  /** Of the loop that is worst; new connections are refused only if all are as bad. */
  private double queueDelay() {
    long most = 0;
    long least = Long.MAX_VALUE;
    for (var probe : probes) {
      most = Math.max(most, probe.sustained());
      least = Math.min(least, probe.sustained());
    }
    long part = TimeUnit.SECONDS.toNanos(1);
    return (least >= part ? least : Math.min(most, part - 1)) / 1e9;
  }

  private boolean take(Signal signal, double reading, long now) {
    var ladder = ladder(signal);
    var before = ladder.rung();
    if (!ladder.take(reading, now)) {
      return false;
    }
    var after = ladder.rung();
    if (after.compareTo(before) > 0 && after != Rung.SHORT_IDLE) {
      LOG.warn("overload: {}: {} ({})", signal.text(reading), after.text(), signal.remedy());
    } else {
      LOG.info("overload: {}: {}", signal.text(reading), after.text());
    }
    return true;
  }

  private void decide() {
    var now = EnumSet.noneOf(Rung.class);
    for (var ladder : ladders.values()) {
      now.addAll(ladder.measures());
    }
    measures = now;
    scarceMemory =
        sheds(Signal.HEAP)
            ? Signal.HEAP
            : sheds(Signal.DIRECT_MEMORY) ? Signal.DIRECT_MEMORY : null;
  }

  /** What takes a while, after what protects at once. */
  private void relieve() {
    var before = relieved;
    var now = measures;
    relieved = now;
    if (now.contains(Rung.NO_ACCEPTS) != before.contains(Rung.NO_ACCEPTS)) {
      relief.accept(!now.contains(Rung.NO_ACCEPTS));
    }
    if (now.contains(Rung.NO_KEEP_ALIVE) && !before.contains(Rung.NO_KEEP_ALIVE)) {
      relief.endConnections();
    } else if (now.contains(Rung.SHORT_IDLE) && !before.contains(Rung.SHORT_IDLE)) {
      relief.endIdle();
    }
  }

  private boolean sheds(Signal signal) {
    return ladder(signal).measures().contains(Rung.SHED);
  }

  private Ladder ladder(Signal signal) {
    return requireNonNull(ladders.get(signal));
  }

  /** What is given up now. Any thread; one volatile read. Another set with each change. */
  public Set<Rung> measures() {
    return measures;
  }

  @Override
  public boolean mayShed() {
    return sheds;
  }

  @Override
  public boolean admits(EventLoop loop) {
    var scarce = scarceMemory;
    if (scarce != null) {
      counts.shed(scarce);
      return false;
    }
    var probe = byLoop.get(loop);
    if (probe == null || ThreadLocalRandom.current().nextInt(LoopProbe.ALL) >= probe.share()) {
      return true;
    }
    counts.shed(Signal.QUEUE_DELAY);
    return false;
  }

  /** Says which event loop is stuck, if one is. */
  public Optional<String> stuck() {
    return watches.stream().flatMap(watch -> watch.stuck().stream()).findFirst();
  }

  @Override
  public void collect(MetricWriter out) {
    counts.collect(out);
    OverloadMetrics.ladders(out, List.copyOf(ladders.values()));
    OverloadMetrics.descriptors(out, descriptors);
    OverloadMetrics.loops(out, watches);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
