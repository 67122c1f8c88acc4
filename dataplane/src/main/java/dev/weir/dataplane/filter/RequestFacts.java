package dev.weir.dataplane.filter;

/** How a request goes, as far as it went. Valid as long as the request. */
public interface RequestFacts {
  /** Of the reply; 499 if the client left before, 0 while neither is known. */
  int status();

  /** Pattern of the virtual host that it was routed by; empty for the one that takes all others. */
  String hostPattern();
}
