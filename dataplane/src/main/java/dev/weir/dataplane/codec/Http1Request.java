package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.RequestHead;

/** A request head read from an HTTP/1 connection. Immutable. */
record Http1Request(
    HttpVersion version,
    String method,
    Target place,
    Fields fields,
    long bodyLength,
    boolean expectsContinue,
    String upgrade)
    implements RequestHead {

  /** Where the request goes. */
  record Target(String target, String path, String authority, String host) {}

  @Override
  public String target() {
    return place.target;
  }

  @Override
  public String path() {
    return place.path;
  }

  @Override
  public String authority() {
    return place.authority;
  }

  @Override
  public String host() {
    return place.host;
  }
}
