package dev.weir.annotations;

import dev.weir.dataplane.model.HostPattern;

/** A host as one of its Ingresses sees it. */
public final class HostDraft extends Draft {
  private final HostPattern pattern;

  /** A host without anything. */
  public HostDraft(DraftContext context, HostPattern pattern) {
    super(context);
    this.pattern = pattern;
  }

  /** The host's name. */
  public HostPattern pattern() {
    return pattern;
  }

  /** Closes every route of the host, whichever Ingress it comes from. */
  public void deny(Values values, Setting<?> setting, String why) {
    close(values, setting, why);
  }
}
