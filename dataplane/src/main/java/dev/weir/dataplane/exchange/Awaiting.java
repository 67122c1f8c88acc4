package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterOutcome;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A check that an exchange waits for. What it decides first counts, and only as long as the
 * exchange waits. Owned by the exchange's event loop; {@link #accept} may be called anywhere.
 */
final class Awaiting implements Consumer<FilterOutcome> {
  private final Exchange exchange;
  private FilterOutcome.@Nullable Handle check;

  private Awaiting(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Begins; {@code waits} is called before the check starts. */
  static void begin(Exchange exchange, FilterOutcome.Check check, Consumer<Awaiting> waits) {
    var awaiting = new Awaiting(exchange);
    waits.accept(awaiting);
    awaiting.check = check.start(awaiting);
  }

  @Override
  public void accept(FilterOutcome decided) {
    try {
      exchange.client().downstream().loop().execute(() -> exchange.resume(this, decided));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and the request with it.
      return;
    }
  }

  void cancel() {
    var running = check;
    if (running != null) {
      running.cancel();
    }
  }
}
