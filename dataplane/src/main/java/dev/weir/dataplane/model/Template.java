package dev.weir.dataplane.model;

import java.util.List;

/**
 * Text with variables of a closed set, parsed once and evaluated by the exchange.
 *
 * @param parts in order
 */
public record Template(List<Part> parts) {
  public Template {
    parts = List.copyOf(parts);
  }

  /** A literal or a variable. */
  public sealed interface Part {}

  /** Fixed text. */
  public record Literal(String text) implements Part {}

  /** What a request supplies. */
  public enum Variable implements Part {
    /** {@code http} or {@code https}. */
    SCHEME("$scheme"),
    /** The host without port. */
    HOST("$host"),
    /**
     * {@code :port} of the listener that the request came in by if {@code use-port-in-redirects} is
     * on and it isn't the scheme's default, else empty.
     */
    REDIRECT_PORT("$redirect_port"),
    /** {@code ?query}, or empty. */
    QUERY("$is_args$args"),
    /** The target as received. */
    REQUEST_URI("$request_uri");

    private final String text;

    Variable(String text) {
      this.text = text;
    }

    /** As written. */
    public String text() {
      return text;
    }
  }

  /** As written, for {@code /debug/routes}. */
  public String text() {
    var text = new StringBuilder();
    for (var part : parts) {
      switch (part) {
        case Literal literal -> text.append(literal.text());
        case Variable variable -> text.append(variable.text());
      }
    }
    return text.toString();
  }
}
