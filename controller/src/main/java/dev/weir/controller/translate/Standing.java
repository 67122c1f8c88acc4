package dev.weir.controller.translate;

/** What becomes of an Ingress as a whole. */
public enum Standing {
  /** Another controller's, or nobody's. */
  NOT_OURS,
  /** Ours, and refused for what it says: it makes no routes. */
  NOT_SERVED,
  /** Ours; single routes of it may still be refused. */
  SERVED
}
