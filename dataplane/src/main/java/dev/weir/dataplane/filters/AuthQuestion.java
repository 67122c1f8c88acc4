package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.filter.SubRequestHead;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.model.ExternalAuth;
import dev.weir.dataplane.model.OriginUrl;
import org.jspecify.annotations.Nullable;

/**
 * The request that an authentication service is asked with: the client's fields without a body, and
 * what the service needs to know of the request (ingress-nginx.md, {@code auth-url}). Of the fields
 * that services take for the proxy's word the client's own copies never get through, those that
 * ingress-nginx passes on included. Immutable.
 */
final class AuthQuestion {
  private static final String[] TAKEN_AWAY = {
    "content-length",
    "x-forwarded-proto",
    "x-forwarded-uri",
    "x-forwarded-method",
    "x-forwarded-path",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "forwarded",
    "proxy"
  };

  private final ExternalAuth.Question settings;
  private final @Nullable OriginUrl fixed;

  AuthQuestion(ExternalAuth.Question settings) {
    this.settings = settings;
    this.fixed =
        settings.url().isConstant()
            ? OriginUrl.of(settings.url().text(), settings.keepalive())
            : null;
  }

  /** The URL if it isn't the same for every request, else empty. */
  String variableUrl(FilterRequest request) {
    return fixed == null ? request.evaluate(settings.url()) : "";
  }

  /**
   * The question about a request.
   *
   * @throws IllegalArgumentException if the URL is none once its variables have values
   */
  SubRequest about(FilterRequest request) {
    var url =
        fixed == null
            ? OriginUrl.of(request.evaluate(settings.url()), settings.keepalive())
            : fixed;
    var timeouts = request.route().timeouts();
    return new SubRequest(
        new SubRequest.ToOrigin(url.origin()),
        new SubRequestHead(settings.method(), url.target(), url.host(), request.head().fields()),
        fields(request),
        timeouts.connect(),
        timeouts.read());
  }

  private HeadEdits fields(FilterRequest request) {
    var head = request.head();
    var scheme = request.scheme();
    var edits = new HeadEdits();
    for (var name : TAKEN_AWAY) {
      edits.remove(name);
    }
    ErrorFields.addRequestId(edits, request);
    TracingFilter.tell(edits, request);
    edits.set("x-original-uri", head.target());
    edits.set("x-scheme", scheme);
    edits.set("x-original-url", scheme + "://" + head.authority() + head.target());
    edits.set("x-original-method", head.method());
    edits.set("x-sent-from", "nginx-ingress-controller");
    edits.set("x-real-ip", request.clientAddress());
    edits.set("x-forwarded-for", request.forwardedFor());
    edits.set("x-forwarded-host", request.authority());
    edits.set("x-forwarded-port", Integer.toString(request.reportedPort()));
    edits.set("x-forwarded-scheme", scheme);
    edits.set("x-auth-request-redirect", request.evaluate(settings.redirect()));
    for (var field : settings.fields()) {
      var value = request.evaluateField(field.value());
      if (value.isEmpty()) {
        edits.remove(field.name());
      } else {
        edits.set(field.name(), value);
      }
    }
    return edits;
  }
}
