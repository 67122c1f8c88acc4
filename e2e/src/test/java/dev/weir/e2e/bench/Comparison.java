package dev.weir.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/** One row: every contender measured in turn, in another order each round. */
final class Comparison {
  /** Slices that others disturbed are repeated, but not for ever. */
  private static final int REPEATS = 4;

  private static final double LOAD = 0.6;
  private static final int PACED_ROUNDS = 2;

  private final Scenario scenario;
  private final Field field;
  private final int seconds;
  private final Random random = new Random(1);
  private final List<Map<Contender, Double>> rounds = new ArrayList<>();
  private final Map<Contender, Samples> rates = new EnumMap<>(Contender.class);
  private final Map<Contender, Samples> millis = new EnumMap<>(Contender.class);
  private final Map<Contender, Double> heapBytes = new EnumMap<>(Contender.class);
  private final Map<Contender, Long> requests = new EnumMap<>(Contender.class);
  private int repeated;
  private int disturbed;

  Comparison(Scenario scenario, Field field, int seconds) {
    this.scenario = scenario;
    this.field = field;
    this.seconds = seconds;
  }

  /** Measures all. */
  void run(int count) throws IOException, InterruptedException {
    var before = allocated();
    for (int round = 0; round < count; round++) {
      var costs = new EnumMap<Contender, Double>(Contender.class);
      for (var contender : shuffled()) {
        costs.put(contender, quietSlice(contender));
      }
      rounds.add(costs);
    }
    // Both of the A/A pair are one process.
    requests.merge(Contender.WEIR, requests.getOrDefault(Contender.WEIR_AGAIN, 0L), Long::sum);
    allocated()
        .forEach(
            (contender, bytes) ->
                heapBytes.put(
                    contender,
                    (double) (bytes - before.getOrDefault(contender, 0L))
                        / requests.getOrDefault(contender, 1L)));
    if (scenario.paced()) {
      // The first run trains the client itself; its stalls are nobody's latency.
      paced(scenario.takes(Contender.FLOOR) ? Contender.FLOOR : Contender.NGINX);
      millis.clear();
      for (int round = 0; round < PACED_ROUNDS; round++) {
        for (var contender : shuffled()) {
          paced(contender);
        }
      }
    }
  }

  private List<Contender> shuffled() {
    var order = new ArrayList<>(field.running().keySet());
    order.removeIf(contender -> !scenario.takes(contender));
    Collections.shuffle(order, random);
    return order;
  }

  private Map<Contender, Long> allocated() throws IOException, InterruptedException {
    var bytes = new EnumMap<Contender, Long>(Contender.class);
    for (var running : field.running().entrySet()) {
      var weir = running.getValue().weir();
      if (weir != null && running.getKey() != Contender.WEIR_AGAIN) {
        bytes.put(running.getKey(), weir.allocatedBytes());
      }
    }
    return bytes;
  }

  /** Microseconds of CPU a request, in a slice that nobody else disturbed if there is one. */
  private double quietSlice(Contender contender) throws IOException, InterruptedException {
    while (true) {
      var running = field.running(contender);
      var cpu0 = Cpu0.now();
      double cpu = running.process().cpuSeconds();
      long began = System.nanoTime();
      long done = scenario.load(field, running, seconds);
      double used = running.process().cpuSeconds() - cpu;
      requests.merge(contender, done, Long::sum);
      boolean quiet = !Cpu0.now().disturbedSince(cpu0, used);
      if (quiet || repeated == REPEATS) {
        rates
            .computeIfAbsent(contender, any -> new Samples())
            .add(done * 1e9 / (System.nanoTime() - began));
        disturbed += quiet ? 0 : 1;
        return used * 1e6 / done;
      }
      repeated++;
    }
  }

  private void paced(Contender contender) throws IOException, InterruptedException {
    millis
        .computeIfAbsent(contender, any -> new Samples())
        .addAll(scenario.paced(field.running(contender), pacedRate(), 2 * seconds));
  }

  Scenario scenario() {
    return scenario;
  }

  /** What was offered for the latencies: a share of what the slowest contender reached. */
  double pacedRate() {
    return LOAD * rates.values().stream().mapToDouble(Samples::median).min().orElseThrow();
  }

  /** Microseconds of CPU a request, one for each round. */
  Samples cost(Contender contender) {
    var samples = new Samples();
    rounds.forEach(round -> samples.add(value(round, contender)));
    return samples;
  }

  /** Costs of one by costs of the other in the same round. */
  Samples ratios(Contender one, Contender other) {
    var samples = new Samples();
    rounds.forEach(round -> samples.add(value(round, one) / value(round, other)));
    return samples;
  }

  private static double value(Map<Contender, Double> round, Contender contender) {
    return Objects.requireNonNull(round.get(contender));
  }

  /** Requests a second with all connections busy. */
  Samples rate(Contender contender) {
    return rates.getOrDefault(contender, new Samples());
  }

  /** Of each request at {@link #pacedRate}. */
  Samples millis(Contender contender) {
    return millis.getOrDefault(contender, new Samples());
  }

  /** Bytes of heap that the program allocates a request. */
  double heapBytes(Contender contender) {
    return heapBytes.getOrDefault(contender, Double.NaN);
  }

  /** Slices kept although others used CPU 0 meanwhile. */
  int disturbed() {
    return disturbed;
  }
}
