package dev.weir.e2e.fault;

import java.util.concurrent.atomic.AtomicLong;

/** How much a fault test is to do, and how often its fault was there. */
public final class Injection {
  private final int figure;
  private final AtomicLong count = new AtomicLong();

  Injection(int figure) {
    this.figure = figure;
  }

  /** Whether this run is one by hand, whose times are looked at. */
  public boolean full() {
    return FaultList.isFull();
  }

  /** The list's figure for this run. */
  public int figure() {
    return figure;
  }

  /** The fault was there once more. */
  public void count() {
    count.incrementAndGet();
  }

  /** The fault was there so many times more. */
  public void add(long times) {
    count.addAndGet(times);
  }

  /** How often it was there. */
  public long counted() {
    return count.get();
  }
}
