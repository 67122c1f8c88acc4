package dev.weir.controller.source;

import dev.weir.controller.resource.Kind;
import java.time.Instant;

/**
 * How one watch of the API server is doing, at one moment.
 *
 * @param namespace empty for all
 * @param synced whether its objects have been delivered, or it was found that it can do without
 * @param connected whether a list or watch is answered right now
 * @param lastEvent when anything arrived: a list, an event, a bookmark, the end of a watch; {@link
 *     Instant#EPOCH} before the first
 * @param problem what is wrong; empty if nothing is
 */
public record SourceState(
    Kind kind,
    String namespace,
    boolean synced,
    boolean connected,
    Instant lastEvent,
    Counts counts,
    String problem) {

  /**
   * Counters.
   *
   * @param events changes delivered
   * @param relists how often all objects were listed again after the first time
   */
  public record Counts(long events, long relists) {}
}
