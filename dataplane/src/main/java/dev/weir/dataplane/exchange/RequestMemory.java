package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.EndListener;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.RequestKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What filters keep of a request, and the requests of our own made for its sake. Only made for a
 * request that needs it; owned by the exchange's event loop.
 */
final class RequestMemory {
  private record Entry(RequestKey<?> key, Object value) {}

  private final List<Entry> entries = new ArrayList<>(2);
  private final List<FilterOutcome.Handle> calls = new ArrayList<>(2);
  private final List<EndListener> endListeners = new ArrayList<>(1);

  <T> void keep(RequestKey<T> key, T value) {
    entries.removeIf(entry -> entry.key == key);
    entries.add(new Entry(key, value));
  }

  /** Null for nothing. */
  @SuppressWarnings("unchecked") // Entries come through keep only.
  <T> @Nullable T kept(RequestKey<T> key) {
    for (var entry : entries) {
      if (entry.key == key) {
        return (T) entry.value;
      }
    }
    return null;
  }

  void atEnd(EndListener listener) {
    endListeners.add(listener);
  }

  /** The request is over, or the filters are asked anew. */
  void ended(FilterRequest request) {
    calls.forEach(FilterOutcome.Handle::cancel);
    calls.clear();
    for (var listener : endListeners) {
      listener.onEnd(request);
    }
    endListeners.clear();
  }

  void called(FilterOutcome.Handle call) {
    calls.add(call);
  }
}
