package dev.weir.controller.admission;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.weir.controller.admission.Reviewer.Decision;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that decide: few, with few questions waiting and little time for each, since they
 * share their processors with traffic. Whoever asks beyond that is allowed, unchecked.
 *
 * <p>May be asked by any thread, which waits for the answer.
 */
final class Judges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Judges.class);
  private static final int THREADS = 2;
  private static final int IDLE_SECONDS = 60;

  private final ThreadPoolExecutor threads;

  /**
   * @param waiting questions that may wait for a thread
   */
  Judges(int waiting) {
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            Thread.ofPlatform().name("weir-admission-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * The time that a question has.
   *
   * @param began when it began to arrive, by {@link System#nanoTime}
   */
  record Time(long began, Duration longest) {
    /** Nanoseconds; 0 or less if it is over. */
    long left() {
      return began + longest.toNanos() - System.nanoTime();
    }
  }

  /**
   * A decision.
   *
   * @param nanos that it took
   */
  record Verdict(Decision decision, long nanos) {}

  /**
   * Has a question decided.
   *
   * @param time for an answer; some of it may be over
   * @param question is told whether it may go on
   */
  Verdict ask(Time time, Function<BooleanSupplier, Decision> question) {
    long began = System.nanoTime();
    var task = new FutureTask<>(() -> question.apply(() -> time.left() > 0));
    return new Verdict(decided(task, time), System.nanoTime() - began);
  }

  private Decision decided(FutureTask<Decision> task, Time time) {
    try {
      threads.execute(task);
      return task.get(time.left(), NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return unchecked("too many questions at once");
    } catch (TimeoutException e) {
      threads.remove(task);
      long millis = time.longest.toMillis();
      LOG.warn("an Ingress was admitted unchecked: it took longer than {} ms", millis);
      return unchecked("it took longer than " + millis + " ms");
    } catch (ExecutionException e) {
      LOG.error("an Ingress was admitted unchecked. This is a bug.", e.getCause());
      return unchecked("it failed, see its log");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unchecked("it is ending");
    }
  }

  private static Decision unchecked(String why) {
    return new Decision(AdmissionAnswer.unchecked(why), Optional.empty(), 0);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
