package dev.weir.annotations;

/** What a name that users may set is good for. */
public enum Disposition {
  /** It does what it says; two black-box cases show it. */
  WORKS,
  /** It has no effect yet, and its finding says so; what protects closes. */
  LATER,
  /** It means nothing here and is accepted in silence. */
  INERT,
  /** It is not going to work; a warning says what to use instead. */
  REFUSED
}
