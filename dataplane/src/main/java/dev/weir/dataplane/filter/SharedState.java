package dev.weir.dataplane.filter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What filters of one kind share over all routes, such as a cache whose bound holds for all of them
 * together. One thing for each class; lives as long as the proxy. May be used from any thread.
 */
public final class SharedState {
  private final Map<Class<?>, Object> things = new ConcurrentHashMap<>();

  /** The thing of that class, made by the first who asks. */
  public <T> T of(Class<T> type, Supplier<T> maker) {
    return type.cast(things.computeIfAbsent(type, any -> maker.get()));
  }
}
