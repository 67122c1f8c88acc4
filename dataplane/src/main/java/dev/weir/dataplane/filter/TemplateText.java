package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.UpstreamId;

/** Evaluates templates. */
final class TemplateText {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private TemplateText() {}

  static String of(Template template, FilterRequest request) {
    var parts = template.parts();
    if (parts.size() == 1 && parts.getFirst() instanceof Template.Literal(var literal)) {
      return literal;
    }
    var text = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      append(text, parts.get(i), request);
    }
    return text.toString();
  }

  /**
   * Appends what one part comes to.
   *
   * @return false if the request has no such field, argument, cookie or query
   */
  static boolean append(StringBuilder text, Template.Part part, FilterRequest request) {
    return switch (part) {
      case Template.Literal(var literal) -> {
        text.append(literal);
        yield true;
      }
      case Template.RequestField(var name) -> appendField(text, name, request);
      case Template.Argument(var name) -> appendPair(text, query(request), '&', name);
      case Template.Cookie(var name) -> appendCookie(text, name, request);
      case Template.Variable variable -> {
        appendVariable(text, variable, request);
        yield variable != Template.Variable.ARGS || request.head().target().indexOf('?') >= 0;
      }
    };
  }

  private static void appendVariable(
      StringBuilder text, Template.Variable variable, FilterRequest request) {
    var target = request.head().target();
    switch (variable) {
      case SCHEME -> text.append(scheme(request));
      case HOST -> text.append(request.host());
      case HTTP_HOST -> text.append(request.head().authority());
      case BEST_HTTP_HOST -> text.append(request.authority());
      case REQUEST_URI -> text.append(target);
      case REQUEST_URI_WITHOUT_SLASH ->
          text.append(target, 0, target.length() - (target.endsWith("/") ? 1 : 0));
      case ESCAPED_REQUEST_URI -> Percent.component(text, target);
      case URI -> Percent.path(text, request.head().path());
      case ARGS -> text.append(query(request));
      case IS_ARGS -> text.append(query(request).isEmpty() ? "" : "?");
      case QUERY -> {
        var query = query(request);
        text.append(query.isEmpty() ? "" : "?").append(query);
      }
      case REDIRECT_PORT -> {
        int usual = request.scheme().equals("https") ? HTTPS : HTTP;
        if (request.port() != usual) {
          text.append(':').append(request.port());
        }
      }
      case REQUEST_METHOD -> text.append(request.head().method());
      case SERVER_PROTOCOL ->
          text.append(request.head().version() == HttpVersion.HTTP_1_0 ? "HTTP/1.0" : "HTTP/1.1");
      case REMOTE_ADDR -> text.append(request.clientAddress());
      case SERVER_PORT -> text.append(request.port());
      case PASS_SERVER_PORT -> text.append(request.reportedPort());
      case REQUEST_ID -> text.append(request.requestId());
      case NAMESPACE -> text.append(request.route().origin().namespace());
      case INGRESS_NAME -> text.append(request.route().origin().ingress());
      case SERVICE_NAME -> text.append(request.route().origin().service());
      case SERVICE_PORT -> text.append(request.route().origin().port());
      case LOCATION_PATH -> text.append(request.route().origin().path());
      case PROXY_UPSTREAM_NAME -> text.append(upstreamName(request.route().origin()));
    }
  }

  /** A trusted proxy's other word for the scheme has no place in an address. */
  private static String scheme(FilterRequest request) {
    var said = request.scheme();
    boolean usual = said.equals("http") || said.equals("https");
    return usual ? said : request.tls() ? "https" : "http";
  }

  private static String upstreamName(RouteOrigin origin) {
    return origin.service().isEmpty()
        ? "upstream-default-backend"
        : new UpstreamId(origin.namespace(), origin.service(), origin.port()).name();
  }

  private static String query(FilterRequest request) {
    var target = request.head().target();
    int query = target.indexOf('?');
    return query < 0 ? "" : target.substring(query + 1);
  }

  private static boolean appendField(StringBuilder text, String name, FilterRequest request) {
    if (name.equals("host")) {
      text.append(request.head().authority());
      return !request.head().authority().isEmpty();
    }
    var values = request.head().fields().all(name);
    var between = name.equals("cookie") ? "; " : ", ";
    for (int i = 0; i < values.size(); i++) {
      text.append(i == 0 ? "" : between).append(values.get(i));
    }
    return !values.isEmpty();
  }

  private static boolean appendCookie(StringBuilder text, String name, FilterRequest request) {
    var lines = request.head().fields().all("cookie");
    for (int i = 0; i < lines.size(); i++) {
      if (appendPair(text, lines.get(i), ';', name)) {
        return true;
      }
    }
    return false;
  }

  /** Appends the value of the first {@code name=value} among {@code pairs}. */
  private static boolean appendPair(StringBuilder text, String pairs, char separator, String name) {
    int at = 0;
    while (at <= pairs.length() - name.length()) {
      while (at < pairs.length() && pairs.charAt(at) == ' ') {
        at++;
      }
      int end = pairs.indexOf(separator, at);
      end = end < 0 ? pairs.length() : end;
      int equals = at + name.length();
      if (equals < end
          && pairs.charAt(equals) == '='
          && pairs.regionMatches(true, at, name, 0, name.length())) {
        text.append(pairs, equals + 1, end);
        return true;
      }
      at = end + 1;
    }
    return false;
  }
}
