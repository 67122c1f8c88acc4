package dev.weir.dataplane.overload;

import io.netty.channel.EventLoop;

/** Says of each request whether it is served at all. */
public interface Admission {
  /** Every request. */
  Admission ALL =
      new Admission() {
        @Override
        public boolean mayShed() {
          return false;
        }

        @Override
        public boolean admits(EventLoop loop) {
          return true;
        }
      };

  /** Whether there is anything to ask; one volatile read. */
  boolean mayShed();

  /**
   * Whether a request that came just now is served; one that isn't was counted as shed.
   *
   * @param loop the request's, which the caller is on
   */
  boolean admits(EventLoop loop);
}
