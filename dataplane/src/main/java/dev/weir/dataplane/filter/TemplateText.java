package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.TlsSession;
import dev.weir.dataplane.model.RouteOrigin;
import dev.weir.dataplane.model.Template;
import java.nio.charset.StandardCharsets;

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
    var text = new TextBuilder();
    for (int i = 0; i < parts.size(); i++) {
      append(text, parts.get(i), request);
    }
    return text.toString();
  }

  /**
   * As {@link #of}, with a character for each byte: all variables but {@code $location_path} have
   * that anyhow.
   */
  static String bytes(Template template, FilterRequest request) {
    return hasPath(template) ? withPathInBytes(template, request) : of(template, request);
  }

  private static boolean hasPath(Template template) {
    var parts = template.parts();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) == Template.Variable.LOCATION_PATH) {
        return true;
      }
    }
    return false;
  }

  private static String withPathInBytes(Template template, FilterRequest request) {
    var parts = template.parts();
    var text = new TextBuilder();
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i) == Template.Variable.LOCATION_PATH) {
        var path = request.route().origin().path().getBytes(StandardCharsets.UTF_8);
        text.add(new String(path, StandardCharsets.ISO_8859_1));
      } else {
        append(text, parts.get(i), request);
      }
    }
    return text.toString();
  }

  /**
   * Appends what one part comes to.
   *
   * @return false if the request has no such field, argument, cookie or query
   */
  static boolean append(TextSink text, Template.Part part, FilterRequest request) {
    return switch (part) {
      case Template.Literal(var literal) -> {
        text.add(literal);
        yield true;
      }
      case Template.RequestField(var name) -> appendField(text, name, request);
      case Template.Argument(var name) -> {
        var target = request.head().targetText();
        yield Pairs.addValue(text, target, queryStart(target), '&', name);
      }
      case Template.Cookie(var name) -> appendCookie(text, name, request);
      case Template.Variable variable -> {
        appendVariable(text, variable, request);
        yield switch (variable) {
          case ARGS -> hasQuery(request.head().targetText());
          case SSL_PROTOCOL,
              SSL_CIPHER,
              SSL_SESSION_REUSED,
              SSL_SERVER_NAME,
              SSL_SESSION_ID,
              SSL_ALPN_PROTOCOL,
              SSL_EARLY_DATA ->
              !tls(request.from().session(), variable).isEmpty();
          case OPENTELEMETRY_TRACE_ID, OPENTELEMETRY_SPAN_ID ->
              request.kept(RequestSpan.IDS) != null;
          default -> true;
        };
      }
    };
  }

  private static void appendVariable(
      TextSink text, Template.Variable variable, FilterRequest request) {
    var target = request.head().targetText();
    int size = target.length();
    switch (variable) {
      case SCHEME -> text.add(scheme(request));
      case HOST -> text.add(request.hostText());
      case HTTP_HOST -> text.add(request.head().authorityText());
      case BEST_HTTP_HOST -> text.add(request.authorityText());
      case REQUEST_URI -> text.add(target);
      case REQUEST_URI_WITHOUT_SLASH ->
          text.add(target, 0, size > 0 && target.charAt(size - 1) == '/' ? size - 1 : size);
      case ESCAPED_REQUEST_URI -> Percent.component(text, target);
      case URI -> Percent.path(text, request.head().pathText());
      case ARGS -> text.add(target, queryStart(target), size);
      case IS_ARGS -> text.add(queryStart(target) < size ? "?" : "");
      case QUERY -> {
        int query = queryStart(target);
        text.add(query < size ? "?" : "").add(target, query, size);
      }
      case REDIRECT_PORT -> {
        int usual = request.scheme().equals("https") ? HTTPS : HTTP;
        if (request.port() != usual) {
          text.add(':').number(request.port());
        }
      }
      case REQUEST_METHOD -> text.add(request.head().method());
      case SERVER_PROTOCOL -> text.add(request.head().version().text());
      case REMOTE_ADDR -> text.add(request.clientAddress());
      case PROXY_ADD_X_FORWARDED_FOR -> {
        if (appendField(text, "x-forwarded-for", request)) {
          text.add(", ");
        }
        text.add(request.clientAddress());
      }
      case MSEC -> appendMillis(text, System.currentTimeMillis());
      case SERVER_PORT -> text.number(request.port());
      case PASS_SERVER_PORT -> text.number(request.reportedPort());
      case REQUEST_ID -> request.addRequestId(text);
      case NAMESPACE -> text.add(request.route().origin().namespace());
      case INGRESS_NAME -> text.add(request.route().origin().ingress());
      case SERVICE_NAME -> text.add(request.route().origin().service());
      case SERVICE_PORT -> text.add(request.route().origin().port());
      case LOCATION_PATH -> text.add(request.route().origin().path());
      case PROXY_UPSTREAM_NAME -> addUpstreamName(text, request.route().origin());
      case SSL_PROTOCOL,
          SSL_CIPHER,
          SSL_SESSION_REUSED,
          SSL_SERVER_NAME,
          SSL_SESSION_ID,
          SSL_ALPN_PROTOCOL,
          SSL_EARLY_DATA ->
          text.add(tls(request.from().session(), variable));
      case OPENTELEMETRY_TRACE_ID, OPENTELEMETRY_SPAN_ID -> addIds(text, variable, request);
    }
  }

  private static void addIds(TextSink text, Template.Variable variable, FilterRequest request) {
    var ids = request.kept(RequestSpan.IDS);
    if (ids != null && variable == Template.Variable.OPENTELEMETRY_TRACE_ID) {
      text.hex(ids.traceHigh()).hex(ids.traceLow());
    } else if (ids != null) {
      text.hex(ids.spanId());
    }
  }

  private static void appendMillis(TextSink text, long millis) {
    int rest = (int) (millis % 1000);
    text.add(Long.toString(millis / 1000)).add('.');
    text.number(rest / 100).number(rest / 10 % 10).number(rest % 10);
  }

  /** Empty without TLS, and where there is none. */
  private static String tls(TlsSession session, Template.Variable variable) {
    return switch (variable) {
      case SSL_PROTOCOL -> session.protocol();
      case SSL_CIPHER -> session.cipher();
      case SSL_SESSION_REUSED -> session.reused();
      case SSL_SERVER_NAME -> session.serverName();
      case SSL_SESSION_ID -> session.sessionId();
      case SSL_ALPN_PROTOCOL -> session.alpn();
      default -> "";
    };
  }

  /** A trusted proxy's other word for the scheme has no place in an address. */
  private static String scheme(FilterRequest request) {
    var said = request.scheme();
    boolean usual = said.equals("http") || said.equals("https");
    return usual ? said : request.tls() ? "https" : "http";
  }

  /** As {@code UpstreamId.name} has it. */
  private static void addUpstreamName(TextSink text, RouteOrigin origin) {
    if (origin.service().isEmpty()) {
      text.add("upstream-default-backend");
    } else {
      text.add(origin.namespace()).add('-').add(origin.service()).add('-').add(origin.port());
    }
  }

  private static boolean hasQuery(CharSequence target) {
    int start = queryStart(target);
    return start > 0 && target.charAt(start - 1) == '?';
  }

  /** Where the query begins, after its question mark; the target's end if there is none. */
  private static int queryStart(CharSequence target) {
    for (int i = 0; i < target.length(); i++) {
      if (target.charAt(i) == '?') {
        return i + 1;
      }
    }
    return target.length();
  }

  private static boolean appendField(TextSink text, String name, FilterRequest request) {
    if (name.equals("host")) {
      var authority = request.head().authorityText();
      text.add(authority);
      return authority.length() > 0;
    }
    var fields = request.head().fields();
    var between = name.equals("cookie") ? "; " : ", ";
    var value = fields.valueText(name, 0);
    if (value == null) {
      return false;
    }
    for (int i = 1; value != null; value = fields.valueText(name, i++)) {
      text.add(i == 1 ? "" : between).add(value);
    }
    return true;
  }

  private static boolean appendCookie(TextSink text, String name, FilterRequest request) {
    var fields = request.head().fields();
    var line = fields.valueText("cookie", 0);
    for (int i = 1; line != null; line = fields.valueText("cookie", i++)) {
      if (Pairs.addValue(text, line, 0, ';', name)) {
        return true;
      }
    }
    return false;
  }
}
