package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.RequestHead;

/**
 * The head of a request that we make ourselves: no body, no upgrade.
 *
 * @param authority what {@code Host} says
 */
public record SubRequestHead(String method, String target, String authority, Fields fields)
    implements RequestHead {
  @Override
  public HttpVersion version() {
    return HttpVersion.HTTP_1_1;
  }

  @Override
  public String path() {
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  @Override
  public String host() {
    return authority;
  }

  @Override
  public long bodyLength() {
    return 0;
  }

  @Override
  public boolean expectsContinue() {
    return false;
  }

  @Override
  public String upgrade() {
    return "";
  }
}
