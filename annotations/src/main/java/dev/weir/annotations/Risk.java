package dev.weir.annotations;

/**
 * How much harm a setting can do in the wrong hands; compared by {@code annotations-risk-level}.
 */
public enum Risk {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
