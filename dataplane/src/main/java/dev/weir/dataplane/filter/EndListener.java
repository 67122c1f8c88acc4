package dev.weir.dataplane.filter;

/** Is told when a request is over. */
public interface EndListener {
  /**
   * The request is over for the filters that it passed, whatever became of it: answered, refused,
   * broken off, or begun anew with another table's filters. Called once, on the exchange's loop;
   * must not throw.
   */
  void onEnd(FilterRequest request);
}
