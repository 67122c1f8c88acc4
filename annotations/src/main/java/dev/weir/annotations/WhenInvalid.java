package dev.weir.annotations;

/** What becomes of an Ingress whose annotation does not parse; there is always a problem, too. */
public enum WhenInvalid {
  /** It makes no rules. */
  DROP,
  /** Its routes answer 503. */
  DENY,
  /** The ConfigMap's value or the default holds. */
  DEFAULT
}
