package dev.weir.controller.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The wish that the program ends. The first SIGTERM or SIGINT wishes; the second one ends the
 * process at once. A wish that came otherwise, before a chart's SIGTERM, does not count as one.
 *
 * <p>Thread rule: any thread.
 */
final class Stop {
  private static final int KILLED_BY_SIGNAL = 128;

  private final CompletableFuture<Stop> requested = new CompletableFuture<>();
  private final AtomicInteger signals = new AtomicInteger();

  /** Wished for by nobody yet. */
  Stop() {}

  /** A stop that the process's signals ask for. Called once. */
  static Stop onSignals() {
    var stop = new Stop();
    stop.on("TERM", 15);
    stop.on("INT", 2);
    return stop;
  }

  /** Asks for the end. */
  void request() {
    requested.complete(this);
  }

  boolean isRequested() {
    return requested.isDone();
  }

  /** Completed when the end is asked for. */
  CompletableFuture<Stop> requested() {
    return requested;
  }

  /**
   * Handles a signal. The JDK's only interface for that is {@code sun.misc.Signal}, which is
   * exported but which the compiler warns of in a way that can't be switched off; hence reflection.
   */
  private void on(String name, int number) {
    try {
      var signalClass = Class.forName("sun.misc.Signal");
      var handlerClass = Class.forName("sun.misc.SignalHandler");
      var handler =
          Proxy.newProxyInstance(
              handlerClass.getClassLoader(),
              new Class<?>[] {handlerClass},
              (proxy, method, args) -> {
                if (method.getName().equals("handle")) {
                  received(number);
                }
                return null;
              });
      var signal = signalClass.getConstructor(String.class).newInstance(name);
      signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException e) {
      throw new IllegalStateException(
          "this JDK has no sun.misc.Signal (module jdk.unsupported)", e);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("SIG" + name + " can't be handled", e);
    }
  }

  private void received(int number) {
    if (signals.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(KILLED_BY_SIGNAL + number);
    }
    request();
  }
}
