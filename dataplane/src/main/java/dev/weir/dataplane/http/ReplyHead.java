package dev.weir.dataplane.http;

/** The head of a reply, from an upstream or made by the proxy; read-only. */
public interface ReplyHead {
  /** Status code, 100-999. */
  int status();

  /** Reason phrase as received; empty if there was none. */
  String reason();

  Fields fields();

  /**
   * Body length in bytes, 0 for none, {@link RequestHead#UNKNOWN_LENGTH} for chunked or
   * close-delimited.
   */
  long bodyLength();

  /** Bytes of memory that it holds until {@link #release}, about; 0 for none of its own. */
  default int held() {
    return 0;
  }

  /**
   * Nobody looks at this head any more: its memory may carry another one. Called at most once, by
   * the exchange at its very end; without a call the memory is garbage.
   */
  default void release() {}
}
