package dev.weir.dataplane.codec;

/**
 * Bytes that count for the client that sent them for as long as somebody holds them, and longer if
 * so wished: TLS makes other bytes of them, which wait in their place. Owned by the client
 * connection's event loop.
 */
public interface CountedBytes {
  /** From now on they count until {@link #sent}, too. */
  void countUntilSent();

  /** What was made of them is sent, or will never be; after {@link #countUntilSent}, once. */
  void sent();
}
