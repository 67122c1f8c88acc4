package dev.weir.e2e.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code e2e/faults.tsv} says. */
final class FaultList {
  /**
   * A line.
   *
   * @param test {@code class#method}
   * @param ci how much the test does in every build
   * @param full how much it does with {@code -Pfull}
   * @param injected what its {@link Injection} counts
   */
  record Row(String id, String test, int ci, int full, String injected) {
    private static Row of(String line) {
      var cells = line.split("\t", -1);
      if (cells.length != 5) {
        throw new IllegalStateException("faults.tsv: not five columns: " + line);
      }
      return new Row(
          cells[0], cells[1], Integer.parseInt(cells[2]), Integer.parseInt(cells[3]), cells[4]);
    }

    /** The figure of this run. */
    int figure() {
      return isFull() ? full : ci;
    }
  }

  /** Whether this run is one by hand, whose times are looked at. */
  static boolean isFull() {
    return Boolean.getBoolean("weir.full");
  }

  private FaultList() {}

  static List<Row> rows() {
    try (var lines = Files.lines(Path.of("faults.tsv"))) {
      return lines.skip(1).map(Row::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Row row(String id) {
    return rows().stream()
        .filter(row -> row.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("faults.tsv has no line " + id));
  }
}
