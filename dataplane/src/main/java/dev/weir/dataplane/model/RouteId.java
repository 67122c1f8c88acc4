package dev.weir.dataplane.model;

/** The stable name of a route: state that outlives a table hangs on it. */
public record RouteId(HostPattern host, PathMatch match) {}
