package dev.weir.e2e.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;

/**
 * What a request costs on each of {@link FilterRoutes}, measured in slices in turn, in another
 * order each round, all in one process.
 */
final class FilterCost {
  private static final int CONNECTIONS = 50;

  private static final int WARM_UPS = 3;

  /** Slices that others disturbed are repeated, but not for ever. */
  private static final int REPEATS = 4;

  /**
   * One line of the table.
   *
   * @param features that its route has
   * @param micros of CPU a request, one for each round
   */
  record Row(String name, int features, Samples micros, Samples heapBytes) {}

  private final Proxy proxy;
  private final int seconds;
  private final List<Row> rows = new ArrayList<>();
  private final Random random = new Random(1);
  private int repeated;
  private int disturbed;

  FilterCost(Proxy proxy, int seconds) {
    this.proxy = proxy;
    this.seconds = seconds;
    FilterRoutes.COUNTS.forEach(count -> rows.add(row(count + " features", count)));
    // The same route a second time in each round: how far equal things lie apart.
    rows.add(1, row("A/A: 0 features", 0));
  }

  private static Row row(String name, int features) {
    return new Row(name, features, new Samples(), new Samples());
  }

  /**
   * Loads every route, and all once more when what the others taught the compiler is undone: none
   * shall have a specially trained program.
   */
  void warmUp() throws IOException, InterruptedException {
    for (int pass = 0; pass < WARM_UPS; pass++) {
      for (var row : rows) {
        load(row, 3 * seconds);
      }
    }
  }

  /** Measures all. */
  void run(int rounds) throws IOException, InterruptedException {
    for (int round = 0; round < rounds; round++) {
      var order = new ArrayList<>(rows);
      Collections.shuffle(order, random);
      for (var row : order) {
        slice(row);
      }
    }
  }

  private void slice(Row row) throws IOException, InterruptedException {
    while (true) {
      long heap = proxy.allocatedBytes();
      var cpu0 = Cpu0.now();
      double cpu = proxy.cpuSeconds();
      long done = load(row, seconds);
      double used = proxy.cpuSeconds() - cpu;
      boolean quiet = !Cpu0.now().disturbedSince(cpu0, used);
      if (quiet || repeated == REPEATS) {
        row.micros.add(used * 1e6 / done);
        row.heapBytes.add((double) (proxy.allocatedBytes() - heap) / done);
        disturbed += quiet ? 0 : 1;
        return;
      }
      repeated++;
    }
  }

  private long load(Row row, int howLong) throws IOException, InterruptedException {
    var fields = new ArrayList<>(FilterRoutes.FIELDS);
    fields.add("Host: " + FilterRoutes.host(row.features));
    var url = "http://127.0.0.1:" + proxy.httpPort() + FilterRoutes.PATH;
    return Wrk.run(url, CONNECTIONS, howLong, fields);
  }

  List<Row> rows() {
    return rows;
  }

  /** Costs on that row's route by costs on the one without features in the same round. */
  Samples ratios(Row row) {
    return compared(row, (one, other) -> one / other);
  }

  /** How many microseconds more than on the one without features in the same round. */
  Samples excess(Row row) {
    return compared(row, (one, other) -> one - other);
  }

  private Samples compared(Row row, DoubleBinaryOperator how) {
    return row.micros.with(rows.getFirst().micros, how);
  }

  /** Slices kept although others used CPU 0 meanwhile. */
  int disturbed() {
    return disturbed;
  }
}
