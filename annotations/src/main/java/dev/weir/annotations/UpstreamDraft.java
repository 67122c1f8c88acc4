package dev.weir.annotations;

import dev.weir.dataplane.model.Upstream.LoadBalancing;
import dev.weir.dataplane.model.UpstreamId;

/** A Service port before its endpoints are known. */
public final class UpstreamDraft extends Draft {
  private final UpstreamId id;
  private LoadBalancing balancing = LoadBalancing.ROUND_ROBIN;

  /** An upstream with round robin. */
  public UpstreamDraft(DraftContext context, UpstreamId id) {
    super(context);
    this.id = id;
  }

  /** Which Service port. */
  public UpstreamId id() {
    return id;
  }

  /** How an endpoint is chosen. */
  public LoadBalancing balancing() {
    return balancing;
  }

  /** Sets how an endpoint is chosen. */
  public void balancing(LoadBalancing balancing) {
    this.balancing = balancing;
  }
}
