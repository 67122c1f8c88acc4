package dev.weir.controller.source;

/**
 * Receives what a {@link Source} delivers; may be called from several threads, never blocks long.
 */
public interface SourceListener {
  /** Changes that belong together: applied as one, nobody sees half of them. */
  void onBatch(SourceBatch batch);

  /** Everything that existed at the start has been delivered; called once. */
  void onSynced();
}
