package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.SslRedirect;

/**
 * Sends plain HTTP to the same place by HTTPS (ingress-nginx.md 4.9). As there, a slash that ends
 * the target is cut unless it is to stay, so that {@code /} becomes the bare host.
 */
record SslRedirectFilter(SslRedirect settings) implements RouteFilter {
  private static final int DEFAULT_PORT = 443;

  @Override
  public FilterPhase phase() {
    return FilterPhase.SSL_REDIRECT;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    if (!request.scheme().equals("http")) {
      return FilterOutcome.Continue.CONTINUE;
    }
    var target = request.head().target();
    boolean cut = target.endsWith("/") && !settings.keepSlash();
    int end = cut ? target.length() - 1 : target.length();
    var location = new StringBuilder("https://").append(request.host());
    int port = request.httpsPort();
    if (settings.withPort() && port != DEFAULT_PORT) {
      location.append(':').append(port);
    }
    location.append(target, 0, end);
    return new FilterOutcome.Reply(LocalReply.redirect(settings.status(), location.toString()));
  }
}
