package dev.weir.controller.cli;

import dev.weir.controller.loop.ControllerListener;
import dev.weir.controller.loop.FindingChanges;
import dev.weir.controller.loop.Interest;
import dev.weir.controller.loop.News;
import dev.weir.controller.loop.TableStats;
import dev.weir.dataplane.model.TableChange;
import java.util.List;

/** Passes on what the controller says to several listeners, in order. */
record TellAll(List<ControllerListener> listeners) implements ControllerListener {
  static TellAll of(ControllerListener... listeners) {
    return new TellAll(List.of(listeners));
  }

  @Override
  public void onApplied(TableChange change, TableStats stats, long compileNanos, long applyNanos) {
    listeners.forEach(listener -> listener.onApplied(change, stats, compileNanos, applyNanos));
  }

  @Override
  public void onPropagated(long nanos) {
    listeners.forEach(listener -> listener.onPropagated(nanos));
  }

  @Override
  public void onApplyFailed(Throwable fault) {
    listeners.forEach(listener -> listener.onApplyFailed(fault));
  }

  @Override
  public Interest interest() {
    return listeners.stream()
        .map(ControllerListener::interest)
        .reduce(Interest.NONE, Interest::and);
  }

  @Override
  public void onNews(List<News> news) {
    listeners.forEach(listener -> listener.onNews(news));
  }

  @Override
  public void onFindings(FindingChanges changes) {
    listeners.forEach(listener -> listener.onFindings(changes));
  }
}
