package dev.weir.annotations;

/** What a setting is about. */
public enum Scope {
  /** The whole proxy: ConfigMap keys only. */
  PROXY,
  /** Which routes an Ingress makes at all. */
  INGRESS,
  /** A host, whichever Ingress its routes come from. */
  HOST,
  /** A Service port, whoever forwards to it. */
  UPSTREAM,
  /** One path. */
  ROUTE
}
