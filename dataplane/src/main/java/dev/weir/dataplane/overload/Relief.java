package dev.weir.dataplane.overload;

/** What can be given up. Called by the overload thread; none of it waits. */
public interface Relief {
  /** Limits of connections changed: idle ones look at them anew. */
  void limitsChanged();

  /** Open connections end: idle ones soon, others with their next reply. */
  void endConnections();

  /** Whether listeners accept from now on. */
  void accept(boolean on);
}
