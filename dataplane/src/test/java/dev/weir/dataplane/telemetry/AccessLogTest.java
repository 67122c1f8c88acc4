package dev.weir.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
  private static final int THREADS = 4;
  private static final int LINES = 20_000;

  @Test
  void linesOfEveryThreadAreWrittenWholeAndInItsOrderOrCounted() throws Exception {
    var out = new ByteArrayOutputStream();
    var log = new AccessLog(out);
    try (log) {
      var threads = new ArrayList<Thread>();
      for (int t = 0; t < THREADS; t++) {
        int id = t;
        threads.add(Thread.ofPlatform().start(() -> logAll(log, id)));
      }
      for (var thread : threads) {
        thread.join();
      }
    }
    long dropped = log.dropped();
    var lines = out.toString(StandardCharsets.US_ASCII).lines().toList();
    assertThat(lines.size() + dropped).isEqualTo((long) THREADS * LINES);
    Map<String, Integer> last = new HashMap<>();
    for (var line : lines) {
      var parts = line.split(" ", -1);
      assertThat(parts).hasSize(3);
      assertThat(parts[2]).hasSize(Integer.parseInt(parts[1]) % 50);
      int number = Integer.parseInt(parts[1]);
      assertThat(number).isGreaterThan(last.getOrDefault(parts[0], -1));
      last.put(parts[0], number);
    }
  }

  private static void logAll(AccessLog log, int id) {
    for (int i = 0; i < LINES; i++) {
      put(log, id + " " + i + " " + "x".repeat(i % 50) + "\n");
    }
  }

  private static void put(AccessLog log, String line) {
    var bytes = line.getBytes(StandardCharsets.US_ASCII);
    log.log(bytes, bytes.length);
  }

  @Test
  void aStalledReaderCostsLinesAndNeverTime() throws Exception {
    var stalled = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    var taken = new ByteArrayOutputStream();
    var out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("lines are written together");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            stalled.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            taken.write(bytes, offset, length);
          }
        };
    int fitting = AccessLog.RING_BYTES / 1024;
    try (var log = new AccessLog(out)) {
      put(log, "first\n");
      stalled.await();
      var line = "y".repeat(1023) + "\n";
      int more = 3 * AccessLog.RING_BYTES / line.length();
      for (int i = 0; i < more; i++) {
        put(log, line);
      }
      assertThat(log.dropped()).isEqualTo(more - fitting);
      goOn.countDown();
    }
    assertThat(taken.size()).isEqualTo(6 + fitting * 1024);
  }

  @Test
  void aFileIsAppendedToAndOneThatCannotBeOpenedGivesWayToStandardOutput(@TempDir Path folder)
      throws Exception {
    var out = new ByteArrayOutputStream();
    var file = Files.writeString(folder.resolve("log"), "before\n");
    try (var log = new AccessLog(out)) {
      log.path(file.toString());
      put(log, "one\n");
      Awaitility.await().until(() -> Files.readString(file).equals("before\none\n"));
      log.path(folder.resolve("no/such/folder").toString());
      put(log, "two\n");
      Awaitility.await().until(() -> out.toString(StandardCharsets.US_ASCII).equals("two\n"));
      log.path(AccessLog.STANDARD_PATH);
      put(log, "three\n");
    }
    assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("two\nthree\n");
  }

  @Test
  void droppedLinesAreAMetric() throws Exception {
    var failing =
        new OutputStream() {
          @Override
          public void write(int b) throws java.io.IOException {
            throw new java.io.IOException("gone");
          }
        };
    var text = new StringBuilder();
    try (var log = new AccessLog(failing)) {
      put(log, "a\n");
      put(log, "b\n");
      Awaitility.await().until(() -> log.dropped() == 2);
      var writer = new MetricWriter(text);
      log.collect(writer);
      writer.flush();
    }
    assertThat(List.of(text.toString().split("\n")))
        .contains("weir_access_log_dropped_lines_total 2");
  }
}
