package dev.weir.dataplane.codec;

/** A client's connection, whatever version it speaks. Owned by its event loop. */
public interface ServerConnection {
  /** Has it end: soon if no request is under way, otherwise with what is under way. */
  void drain();

  /** Whether no request is under way. */
  boolean isIdle();

  /** Closes it at once. */
  void close();
}
