package dev.weir.controller.source;

/** Delivers objects and their changes until it is closed. */
public interface Source extends AutoCloseable {
  /**
   * Starts delivering. Called once.
   *
   * @throws SourceException if it is certain that nothing will ever arrive (a folder that does not
   *     exist, a kubeconfig that can't be read): one sentence that says what to do
   */
  void start(SourceListener listener) throws SourceException;

  /** Stops delivering; no call of the listener begins after this returns. */
  @Override
  void close();
}
