package dev.weir.annotations;

/** An Ingress before its rules are looked at. */
public final class IngressDraft extends Draft {
  private boolean makesRoutes = true;

  /** An ordinary Ingress. */
  public IngressDraft(DraftContext context) {
    super(context);
  }

  /** Whether it makes hosts and routes. */
  public boolean makesRoutes() {
    return makesRoutes;
  }

  /** It makes neither hosts nor routes. */
  public void makeNoRoutes() {
    makesRoutes = false;
  }
}
