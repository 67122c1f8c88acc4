package dev.weir.dataplane.filters;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/** An interface of many methods of which a test needs a few. */
final class Stub {
  private Stub() {}

  /** One that answers every call as told. */
  static <T> T of(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
