package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.HttpVersion;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.LogFormat;
import dev.weir.dataplane.model.LogFormat.Escape;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.telemetry.AccessLog;
import dev.weir.dataplane.telemetry.RequestSample;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of the access log, as nginx's {@code log_format} has them: a value that isn't there
 * is a dash, in JSON nothing. May be used by all event loops.
 */
final class LogWriter {
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String HOSTNAME =
      java.util.Objects.requireNonNullElse(System.getenv("HOSTNAME"), "");

  private final AccessLog log;
  private final FastThreadLocal<LogLine> lines =
      new FastThreadLocal<>() {
        @Override
        protected LogLine initialValue() {
          return new LogLine();
        }
      };
  private volatile Now now = new Now(-1, "", "");

  private record Now(long second, String local, String iso) {}

  /**
   * What a line is made of.
   *
   * @param request null where bytes were no request
   */
  private record Source(
      @Nullable FilterRequest request, ExchangeRecord record, ServerStream client) {}

  LogWriter(AccessLog log) {
    this.log = log;
  }

  /**
   * Writes a line.
   *
   * @param request null where bytes were no request
   */
  void write(
      LogFormat format,
      @Nullable FilterRequest request,
      ExchangeRecord record,
      ServerStream client) {
    var line = lines.get();
    line.clear();
    var source = new Source(request, record, client);
    var parts = format.parts();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case LogFormat.Literal(var text) -> line.text(text);
        case LogFormat.OfRequest(var part) -> ofRequest(line, part, source, format.escape());
        case LogFormat.OfReply part -> orDash(line, record.replyField(part), format.escape());
        case LogFormat.Unknown _ -> orDash(line, null, format.escape());
        case LogFormat.Value value -> value(line, value, source, format.escape());
      }
    }
    line.text("\n");
    log.log(line.bytes(), line.length());
  }

  private static void orDash(LogLine line, @Nullable CharSequence value, Escape escape) {
    if (value != null) {
      line.value(value, escape);
    } else if (escape != Escape.JSON) {
      line.text("-");
    }
  }

  private static void ofRequest(LogLine line, Template.Part part, Source source, Escape escape) {
    var request = source.request;
    if (request == null) {
      var downstream = source.client.downstream();
      orDash(line, part == Template.Variable.REMOTE_ADDR ? downstream.addressText() : null, escape);
    } else {
      var text = line.scratch;
      text.setLength(0);
      orDash(line, request.append(text, part) ? text : null, escape);
    }
  }

  private void value(LogLine line, LogFormat.Value value, Source source, Escape escape) {
    var record = source.record;
    var client = source.client;
    var head = source.request == null ? null : source.request.head();
    switch (value) {
      case REMOTE_USER -> orDash(line, head == null ? null : user(head), escape);
      case TIME_LOCAL -> line.text(now().local);
      case TIME_ISO8601 -> line.text(now().iso);
      case MSEC -> line.millis(System.currentTimeMillis());
      case REQUEST -> request(line, head, escape);
      case STATUS -> line.number(record.status());
      case BYTES_SENT -> line.number(client.bytesSent());
      case BODY_BYTES_SENT -> line.number(client.bytesSent() - client.headBytesSent());
      case REQUEST_LENGTH -> line.number(client.bytesReceived());
      case REQUEST_TIME -> line.seconds(record.requestNanos());
      case REQUEST_COMPLETION -> orDash(line, record.complete() ? "OK" : "", escape);
      case CONNECTION -> line.number(client.connectionNumber());
      case CONNECTION_REQUESTS -> line.number(client.connectionRequests());
      case CONTENT_LENGTH -> field(line, head, "content-length", escape);
      case CONTENT_TYPE -> field(line, head, "content-type", escape);
      case SERVER_NAME ->
          line.value(record.hostPattern().isEmpty() ? "_" : record.hostPattern(), escape);
      case HOSTNAME -> line.value(HOSTNAME, escape);
      case PID -> line.number(ProcessHandle.current().pid());
      case HTTPS -> line.text(client.downstream().tls() ? "on" : "");
      case PROXY_ALTERNATIVE_UPSTREAM_NAME -> line.value(record.canary(), escape);
      case UPSTREAM_ADDR,
          UPSTREAM_STATUS,
          UPSTREAM_RESPONSE_LENGTH,
          UPSTREAM_BYTES_RECEIVED,
          UPSTREAM_RESPONSE_TIME,
          UPSTREAM_CONNECT_TIME,
          UPSTREAM_HEADER_TIME ->
          upstream(line, value, record, escape);
    }
  }

  private static void field(LogLine line, @Nullable RequestHead head, String name, Escape escape) {
    orDash(line, head == null ? null : head.fields().first(name), escape);
  }

  private static void request(LogLine line, @Nullable RequestHead head, Escape escape) {
    if (head == null) {
      return;
    }
    line.value(head.method(), escape).text(" ").value(head.target(), escape);
    line.text(head.version() == HttpVersion.HTTP_1_0 ? " HTTP/1.0" : " HTTP/1.1");
  }

  private static void upstream(
      LogLine line, LogFormat.Value value, ExchangeRecord record, Escape escape) {
    var tries = record.tries();
    for (int i = 0; i < tries.size(); i++) {
      line.text(i == 0 ? "" : ", ");
      var each = tries.get(i);
      switch (value) {
        case UPSTREAM_ADDR -> line.value(each.address(), escape);
        case UPSTREAM_STATUS -> line.number(each.status());
        case UPSTREAM_RESPONSE_LENGTH, UPSTREAM_BYTES_RECEIVED -> line.number(each.bytes());
        case UPSTREAM_RESPONSE_TIME -> time(line, each.nanos(), escape);
        case UPSTREAM_CONNECT_TIME -> time(line, each.connectNanos(), escape);
        default -> time(line, each.headerNanos(), escape);
      }
    }
    if (tries.isEmpty()) {
      orDash(line, null, escape);
    }
  }

  private static void time(LogLine line, long nanos, Escape escape) {
    if (nanos == RequestSample.NONE) {
      orDash(line, null, escape);
    } else {
      line.seconds(nanos);
    }
  }

  /** The user of basic authentication (RFC 7617), verified or not; null without one. */
  private static @Nullable String user(RequestHead head) {
    var authorization = head.fields().first("authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, "basic ", 0, 6)) {
      return null;
    }
    try {
      var decoded = Base64.getDecoder().decode(authorization.substring(6).strip());
      var text = new String(decoded, StandardCharsets.ISO_8859_1);
      int colon = text.indexOf(':');
      return colon <= 0 ? null : text.substring(0, colon);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Now now() {
    long second = System.currentTimeMillis() / 1000;
    var current = now;
    if (current.second != second) {
      var instant = Instant.ofEpochSecond(second);
      current = new Now(second, LOCAL.format(instant), ISO.format(instant));
      now = current;
    }
    return current;
  }
}
