package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.LogFormat;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.telemetry.AccessLog;
import dev.weir.dataplane.telemetry.RequestSample;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes lines of the access log, as nginx's {@code log_format} has them: a value that isn't there
 * is a dash, in JSON nothing. Bytes of a head go into the line as they are there; nothing is made
 * of them first. May be used by all event loops.
 */
final class LogWriter {
  private static final String HOSTNAME = Objects.requireNonNullElse(System.getenv("HOSTNAME"), "");
  private static final long PID = ProcessHandle.current().pid();

  private final AccessLog log;
  private final LogClock clock = new LogClock();
  private final FastThreadLocal<Page> pages =
      new FastThreadLocal<>() {
        @Override
        protected Page initialValue() {
          return new Page(new LogLine(), new BasicUser());
        }
      };

  /** What a thread makes its lines with, one after the other. */
  private record Page(LogLine line, BasicUser user) {}

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
    var page = pages.get();
    var line = page.line;
    line.begin(format.escape());
    var parts = format.parts();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case LogFormat.Literal(var text) -> line.text(text);
        case LogFormat.OfRequest(var part) -> ofRequest(line, part, request, client);
        case LogFormat.OfReply part -> line.value(record.replyField(part));
        case LogFormat.Unknown _ -> line.absent();
        case LogFormat.Value value ->
            value(page, value, request == null ? null : request.head(), record, client);
      }
    }
    line.text("\n");
    log.log(line.bytes(), line.length());
  }

  private static void ofRequest(
      LogLine line, Template.Part part, @Nullable FilterRequest request, ServerStream client) {
    if (request == null) {
      boolean known = part == Template.Variable.REMOTE_ADDR;
      line.value(known ? client.downstream().addressText() : null);
    } else if (!request.append(line, part)) {
      line.absent();
    }
  }

  private static @Nullable CharSequence field(@Nullable RequestHead head, String name) {
    return head == null ? null : head.fields().valueText(name, 0);
  }

  private void value(
      Page page,
      LogFormat.Value value,
      @Nullable RequestHead head,
      ExchangeRecord record,
      ServerStream client) {
    var line = page.line;
    switch (value) {
      case REMOTE_USER -> page.user.addTo(line, field(head, "authorization"));
      case TIME_LOCAL -> line.text(clock.now().local());
      case TIME_ISO8601 -> line.text(clock.now().iso());
      case MSEC -> line.millis(System.currentTimeMillis());
      case REQUEST -> line.value(head == null ? record.refusedLine() : head.lineText());
      case STATUS -> line.number(record.status());
      case BYTES_SENT -> line.number(client.bytesSent());
      case BODY_BYTES_SENT -> line.number(client.bytesSent() - client.headBytesSent());
      case REQUEST_LENGTH -> line.number(client.bytesReceived());
      case REQUEST_TIME -> line.seconds(record.requestNanos());
      case REQUEST_COMPLETION -> line.value(record.complete() ? "OK" : "");
      case CONNECTION -> line.number(client.connectionNumber());
      case CONNECTION_REQUESTS -> line.number(client.connectionRequests());
      case CONTENT_LENGTH -> line.value(field(head, "content-length"));
      case CONTENT_TYPE -> line.value(field(head, "content-type"));
      case SERVER_NAME -> line.value(record.hostPattern().isEmpty() ? "_" : record.hostPattern());
      case HOSTNAME -> line.value(HOSTNAME);
      case PID -> line.number(PID);
      case HTTPS -> line.text(client.downstream().tls() ? "on" : "");
      case PROXY_ALTERNATIVE_UPSTREAM_NAME -> line.value(record.canary());
      case UPSTREAM_ADDR,
          UPSTREAM_STATUS,
          UPSTREAM_RESPONSE_LENGTH,
          UPSTREAM_BYTES_RECEIVED,
          UPSTREAM_RESPONSE_TIME,
          UPSTREAM_CONNECT_TIME,
          UPSTREAM_HEADER_TIME ->
          ofUpstream(line, value, record);
    }
  }

  /** What each try came to. */
  private static void ofUpstream(LogLine line, LogFormat.Value value, ExchangeRecord record) {
    int count = record.tries();
    for (int i = 0; i < count; i++) {
      line.text(i == 0 ? "" : ", ");
      var each = record.attempt(i);
      switch (value) {
        case UPSTREAM_ADDR -> address(line, each);
        case UPSTREAM_STATUS -> line.number(each.status());
        case UPSTREAM_RESPONSE_LENGTH, UPSTREAM_BYTES_RECEIVED -> line.number(each.bytes());
        case UPSTREAM_RESPONSE_TIME -> time(line, each.nanos());
        case UPSTREAM_CONNECT_TIME -> time(line, each.connectNanos());
        default -> time(line, each.headerNanos());
      }
    }
    if (count == 0) {
      line.absent();
    }
  }

  /** As the endpoint's own text. */
  private static void address(LogLine line, UpstreamTry each) {
    var endpoint = each.endpoint();
    if (endpoint != null) {
      boolean v6 = endpoint.ip().indexOf(':') >= 0;
      line.text(v6 ? "[" : "").value(endpoint.ip()).text(v6 ? "]:" : ":").number(endpoint.port());
    }
  }

  private static void time(LogLine line, long nanos) {
    if (nanos == RequestSample.NONE) {
      line.absent();
    } else {
      line.seconds(nanos);
    }
  }
}
