package dev.weir.dataplane.model;

import java.util.List;

/**
 * Text with variables of a closed set, parsed once ({@link TemplateParser}) and evaluated by the
 * exchange.
 *
 * @param parts in order
 */
public record Template(List<Part> parts) {
  public Template {
    parts = List.copyOf(parts);
  }

  /** A literal or a variable. */
  public sealed interface Part {
    /** As written. */
    String text();
  }

  /** Fixed text. */
  public record Literal(String text) implements Part {}

  /**
   * {@code $http_NAME}: a field of the request, empty if it has none; several lines are joined.
   *
   * @param name of the field, lower-case, with dashes
   */
  public record RequestField(String name) implements Part {
    @Override
    public String text() {
      return "$http_" + name.replace('-', '_');
    }
  }

  /** {@code $arg_NAME}: an argument of the query as received, without regard to case. */
  public record Argument(String name) implements Part {
    @Override
    public String text() {
      return "$arg_" + name;
    }
  }

  /** {@code $cookie_NAME}: a cookie as received, without regard to case. */
  public record Cookie(String name) implements Part {
    @Override
    public String text() {
      return "$cookie_" + name;
    }
  }

  /** What a request supplies. */
  public enum Variable implements Part {
    /** {@code http} or {@code https}. */
    SCHEME("$scheme"),
    /** The host without port. */
    HOST("$host"),
    /** The host as the client wrote it, with port. */
    HTTP_HOST("$http_host"),
    /** The host that upstreams are told. */
    BEST_HTTP_HOST("$best_http_host"),
    /**
     * {@code :port} of the listener that the request came in by if it isn't the scheme's default,
     * else empty. For redirects of our own only.
     */
    REDIRECT_PORT("$redirect_port"),
    /** {@code ?query}, or empty. */
    QUERY("$is_args$args"),
    /** A question mark if there is a query. */
    IS_ARGS("$is_args"),
    /** The query without its question mark. */
    ARGS("$args"),
    /** The target as received. */
    REQUEST_URI("$request_uri"),
    /** The target as received, without the slash that ends it. For redirects of our own only. */
    REQUEST_URI_WITHOUT_SLASH("$request_uri_without_slash"),
    /** The target as received, percent-encoded as one component. */
    ESCAPED_REQUEST_URI("$escaped_request_uri"),
    /** The canonical path, percent-encoded where it isn't printable. */
    URI("$uri"),
    REQUEST_METHOD("$request_method"),
    SERVER_PROTOCOL("$server_protocol"),
    /** The client's address. */
    REMOTE_ADDR("$remote_addr"),
    /** {@code X-Forwarded-For} as received, and the client's address after it. */
    PROXY_ADD_X_FORWARDED_FOR("$proxy_add_x_forwarded_for"),
    /** Seconds since 1970, with milliseconds after a point. */
    MSEC("$msec"),
    /** The port that the client connected to. */
    SERVER_PORT("$server_port"),
    /** The port that upstreams are told. */
    PASS_SERVER_PORT("$pass_server_port"),
    /** {@code X-Request-ID}. */
    REQUEST_ID("$req_id"),
    /** {@code namespace-service-port}. */
    PROXY_UPSTREAM_NAME("$proxy_upstream_name"),
    NAMESPACE("$namespace"),
    INGRESS_NAME("$ingress_name"),
    SERVICE_NAME("$service_name"),
    SERVICE_PORT("$service_port"),
    /** The path as the Ingress has it. */
    LOCATION_PATH("$location_path"),
    /** {@code TLSv1.3}; these are empty without TLS. */
    SSL_PROTOCOL("$ssl_protocol"),
    /** OpenSSL's name of the cipher suite. */
    SSL_CIPHER("$ssl_cipher"),
    /** {@code r} if a session was resumed, {@code .} if not. */
    SSL_SESSION_REUSED("$ssl_session_reused"),
    /** The name that the client sent in the handshake. */
    SSL_SERVER_NAME("$ssl_server_name"),
    SSL_SESSION_ID("$ssl_session_id"),
    /** The protocol agreed on by ALPN. */
    SSL_ALPN_PROTOCOL("$ssl_alpn_protocol"),
    /** Always empty: early data isn't taken. */
    SSL_EARLY_DATA("$ssl_early_data"),
    /** The trace that the request belongs to, 32 digits; empty where it isn't traced. */
    OPENTELEMETRY_TRACE_ID("$opentelemetry_trace_id"),
    /** The request's own span, 16 digits; empty where it isn't traced. */
    OPENTELEMETRY_SPAN_ID("$opentelemetry_span_id");

    private final String text;

    Variable(String text) {
      this.text = text;
    }

    @Override
    public String text() {
      return text;
    }
  }

  /** Text without variables. */
  public static Template literal(String text) {
    return new Template(text.isEmpty() ? List.of() : List.of(new Literal(text)));
  }

  /** Whether it is the same for every request. */
  public boolean isConstant() {
    return parts.stream().allMatch(Literal.class::isInstance);
  }

  /** As written, for {@code /debug/routes}. */
  public String text() {
    var text = new StringBuilder();
    parts.forEach(part -> text.append(part.text()));
    return text.toString();
  }

  @Override
  public String toString() {
    return text();
  }
}
