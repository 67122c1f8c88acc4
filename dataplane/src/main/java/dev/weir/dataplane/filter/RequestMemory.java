package dev.weir.dataplane.filter;

import dev.weir.dataplane.model.ReplyRate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What filters said and keep of a request, and the requests of our own made for its sake; forgotten
 * where the request begins anew. Owned by the exchange's event loop.
 */
public final class RequestMemory {
  /** Of a request of which nobody said or keeps anything; never written to. */
  public static final RequestMemory NOTHING = new RequestMemory();

  private record Entry(RequestKey<?> key, Object value) {}

  private List<Entry> entries = List.of();
  private List<FilterOutcome.Handle> calls = List.of();
  private List<EndListener> endListeners = List.of();
  private @Nullable ReplyRate replyRate;
  private long bodyLimit;
  private int replyHead;

  <T> void keep(RequestKey<T> key, T value) {
    if (entries.isEmpty()) {
      entries = new ArrayList<>(2);
    }
    entries.removeIf(entry -> entry.key == key);
    entries.add(new Entry(key, value));
  }

  /** Null for nothing. */
  @SuppressWarnings("unchecked") // Entries come through keep only.
  <T> @Nullable T kept(RequestKey<T> key) {
    for (int i = 0; i < entries.size(); i++) {
      var entry = entries.get(i);
      if (entry.key == key) {
        return (T) entry.value;
      }
    }
    return null;
  }

  /** A request of our own was begun. */
  public void called(FilterOutcome.Handle call) {
    if (calls.isEmpty()) {
      calls = new ArrayList<>(2);
    }
    calls.add(call);
  }

  void atEnd(EndListener listener) {
    if (endListeners.isEmpty()) {
      endListeners = new ArrayList<>(1);
    }
    endListeners.add(listener);
  }

  /**
   * Bytes are about to go to the client. With the last of them the request is over: once it has
   * them the client may ask again by another loop, and must not be counted any more.
   */
  public void beforeBytes(boolean last, FilterRequest request) {
    if (last) {
      ended(request);
    }
  }

  /** The request is over, or the filters are asked anew. */
  public void ended(FilterRequest request) {
    if (this == NOTHING) {
      return;
    }
    for (int i = 0; i < calls.size(); i++) {
      calls.get(i).cancel();
    }
    calls = List.of();
    for (int i = 0; i < endListeners.size(); i++) {
      endListeners.get(i).onEnd(request);
    }
    endListeners = List.of();
  }

  /** Null for no limit. */
  public @Nullable ReplyRate replyRate() {
    return replyRate;
  }

  void limitReplyRate(ReplyRate rate) {
    replyRate = rate;
  }

  void limitBody(long bytes) {
    bodyLimit = bytes;
  }

  /** Bytes, 0 for no limit. */
  public long bodyLimit() {
    return bodyLimit;
  }

  void allowReplyHead(int bytes) {
    replyHead = bytes;
  }

  /** Bytes that a reply's head may have, if more than usual; 0 for as usual. */
  public int replyHead() {
    return replyHead;
  }
}
