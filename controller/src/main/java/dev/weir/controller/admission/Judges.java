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
  private final Duration longest;

  /**
   * @param longest for an answer
   * @param waiting questions that may wait for a thread
   */
  Judges(Duration longest, int waiting) {
    this.longest = longest;
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
   * A decision.
   *
   * @param nanos that it took
   */
  record Verdict(Decision decision, long nanos) {}

  /**
   * Has a question decided.
   *
   * @param question is told whether it may go on
   */
  Verdict ask(Function<BooleanSupplier, Decision> question) {
    long began = System.nanoTime();
    long end = began + longest.toNanos();
    var task = new FutureTask<>(() -> question.apply(() -> System.nanoTime() - end < 0));
    return new Verdict(decided(task), System.nanoTime() - began);
  }

  private Decision decided(FutureTask<Decision> task) {
    try {
      threads.execute(task);
      return task.get(longest.toNanos(), NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return unchecked("too many questions at once");
    } catch (TimeoutException e) {
      threads.remove(task);
      LOG.warn("an Ingress was admitted unchecked: it took longer than {} ms", longest.toMillis());
      return unchecked("it took longer than " + longest.toMillis() + " ms");
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
