package dev.weir.annotations;

/**
 * The typed values that hold for one Ingress: its annotations, then the ConfigMap, then the
 * defaults.
 */
public interface Values {
  /** Where a value comes from. */
  enum Source {
    /** An annotation of the Ingress. */
    ANNOTATION,
    /** The controller's ConfigMap. */
    CONFIG_MAP,
    /** Nobody set it. */
    DEFAULT
  }

  /** The value that holds. */
  <T> T get(Setting<T> setting);

  /** Where {@link #get}'s answer comes from. Blank and invalid values don't count as set. */
  Source source(Setting<?> setting);

  /** Whether the Ingress carries the annotation, and nothing is in it. */
  boolean blank(Setting<?> setting);

  /** Whether the Ingress carries the annotation at all, blank or invalid though it may be. */
  boolean present(Setting<?> setting);
}
