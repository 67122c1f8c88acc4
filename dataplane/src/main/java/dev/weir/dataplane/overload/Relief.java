package dev.weir.dataplane.overload;

/** What can be given up. Called by the overload thread; none of it waits. */
public interface Relief {
  /** Connections without a request under way end soon. */
  void endIdle();

  /** Open connections end: idle ones soon, others with their next reply. */
  void endConnections();

  /** Whether listeners accept from now on; said again now and then while they do. */
  void accept(boolean on);
}
