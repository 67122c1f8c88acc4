package dev.weir.dataplane.overload;

import io.netty.channel.EventLoop;

/** Says of each request whether it is served at all. */
@FunctionalInterface
public interface Admission {
  /** Every request. */
  Admission ALL = loop -> true;

  /**
   * Whether a request that came just now is served; one that isn't was counted as shed. Costs one
   * volatile read while nothing is scarce.
   *
   * @param loop the request's, which the caller is on
   */
  boolean admits(EventLoop loop);
}
