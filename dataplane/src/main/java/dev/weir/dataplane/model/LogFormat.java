package dev.weir.dataplane.model;

import java.util.List;

/**
 * How a line of the access log is made, parsed once ({@link LogFormatParser}).
 *
 * @param parts in order; the line feed at the end is not among them
 * @param replyFields those of them that have to be kept when a reply begins
 * @param escape what becomes of characters that could be taken for something else
 */
public record LogFormat(List<Part> parts, List<OfReply> replyFields, Escape escape) {
  /** ingress-nginx's default (ingress-nginx.md 4.12). */
  public static final String STANDARD_TEXT =
      "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
          + " \"$http_referer\" \"$http_user_agent\" $request_length $request_time"
          + " [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr"
          + " $upstream_response_length $upstream_response_time $upstream_status $req_id";

  /** The format of {@link #STANDARD_TEXT}. */
  public static final LogFormat STANDARD = LogFormatParser.parse(STANDARD_TEXT, Escape.DEFAULT);

  public LogFormat {
    parts = List.copyOf(parts);
    replyFields = List.copyOf(replyFields);
  }

  /** A format of these parts. */
  static LogFormat of(List<Part> parts, Escape escape) {
    var kept = parts.stream().filter(OfReply.class::isInstance).map(OfReply.class::cast).toList();
    return new LogFormat(parts, kept, escape);
  }

  /** What becomes of characters in values, as nginx's {@code escape=} has it. */
  public enum Escape {
    /** Quotes, backslashes, control characters and non-ASCII bytes as {@code \xXX}. */
    DEFAULT,
    /** As inside of a JSON string; a value that isn't there is empty and not a dash. */
    JSON,
    /** Control characters as {@code \xXX}, so that nobody forges lines; all else as it is. */
    NONE
  }

  /** A literal or a value. */
  public sealed interface Part {
    /** As written. */
    String text();
  }

  /** Fixed text. */
  public record Literal(String text) implements Part {}

  /** What is known of a request before it is answered, too. */
  public record OfRequest(Template.Part part) implements Part {
    @Override
    public String text() {
      return part.text();
    }
  }

  /**
   * {@code $sent_http_NAME} or {@code $upstream_http_NAME}: a field of the reply as the client gets
   * it, or as the upstream sent it.
   *
   * @param name lower-case, with dashes
   */
  public record OfReply(String name, boolean asSent) implements Part {
    @Override
    public String text() {
      return (asSent ? "$sent_http_" : "$upstream_http_") + name.replace('-', '_');
    }
  }

  /** A variable that isn't known here, shown as one without a value. */
  public record Unknown(String text) implements Part {}

  /** What is known when a request is over. Times are seconds with three decimals. */
  public enum Value implements Part {
    REMOTE_USER,
    /** {@code 21/Nov/2026:05:06:07 +0000}. */
    TIME_LOCAL,
    /** {@code 2026-11-21T05:06:07+00:00}. */
    TIME_ISO8601,
    /** Seconds since 1970. */
    MSEC,
    /** The request line as received. */
    REQUEST,
    STATUS,
    /** Bytes sent to the client, head included. */
    BYTES_SENT,
    /** Bytes sent to the client, head not included. */
    BODY_BYTES_SENT,
    /** Bytes received, head included. */
    REQUEST_LENGTH,
    REQUEST_TIME,
    /** {@code OK} unless the client left. */
    REQUEST_COMPLETION,
    /** A number that no other connection of this process has. */
    CONNECTION,
    /** How many requests the connection carried so far, this one included. */
    CONNECTION_REQUESTS,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    /** The host's pattern, {@code _} for all others. */
    SERVER_NAME,
    HOSTNAME,
    PID,
    /** {@code on} with TLS. */
    HTTPS,
    PROXY_ALTERNATIVE_UPSTREAM_NAME,
    /** Of each try, the last one last, as all of {@code upstream}. */
    UPSTREAM_ADDR,
    UPSTREAM_STATUS,
    UPSTREAM_RESPONSE_LENGTH,
    UPSTREAM_BYTES_RECEIVED,
    UPSTREAM_RESPONSE_TIME,
    UPSTREAM_CONNECT_TIME,
    UPSTREAM_HEADER_TIME;

    @Override
    public String text() {
      return "$" + name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Variables that nobody knows here. */
  public List<String> unknown() {
    return parts.stream().filter(Unknown.class::isInstance).map(Part::text).toList();
  }

  /** As {@link #text}; the parts of a format fill a page. */
  @Override
  public String toString() {
    return equals(STANDARD) ? "standard" : escape + " " + text();
  }

  /** As written. */
  public String text() {
    var text = new StringBuilder();
    parts.forEach(part -> text.append(part.text()));
    return text.toString();
  }
}
