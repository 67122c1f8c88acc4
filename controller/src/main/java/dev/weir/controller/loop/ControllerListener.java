package dev.weir.controller.loop;

import dev.weir.dataplane.model.TableChange;
import java.util.List;

/**
 * Is told of what the controller did, on the controller thread; must not block. What it throws is
 * logged and changes nothing.
 */
public interface ControllerListener {
  /**
   * A change serves now.
   *
   * @param compileNanos from the events' arrival at the controller thread to the finished change
   * @param applyNanos the data plane's part
   */
  default void onApplied(
      TableChange change, TableStats stats, long compileNanos, long applyNanos) {}

  /**
   * What came from the source so long ago serves now; told after {@link #onApplied}, and not of
   * what changed nothing.
   *
   * @param nanos since the oldest of the events that were taken together
   */
  default void onPropagated(long nanos) {}

  /** A change could not be applied; the table before it goes on serving. */
  default void onApplyFailed(Throwable fault) {}

  /** Which objects {@link #onNews} is to tell of; asked once. */
  default Interest interest() {
    return Interest.NONE;
  }

  /**
   * Objects of {@link #interest} came, changed or went; the first time all that are there. Told
   * after they serve, and before the findings about them.
   */
  default void onNews(List<News> news) {}

  /** Findings came or went. */
  default void onFindings(FindingChanges changes) {}
}
