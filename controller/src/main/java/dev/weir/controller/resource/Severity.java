package dev.weir.controller.resource;

/** How much a {@link Finding} matters. */
public enum Severity {
  /** Something asked for is not served. */
  ERROR,
  /** Served, but not as somebody would expect. */
  WARNING,
  /** Worth knowing. */
  INFO
}
