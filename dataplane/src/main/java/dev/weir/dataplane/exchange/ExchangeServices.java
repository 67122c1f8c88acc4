package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.AccessLogSettings;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.telemetry.AccessLog;
import dev.weir.dataplane.telemetry.LogPause;
import dev.weir.dataplane.telemetry.RetryReason;
import dev.weir.dataplane.telemetry.Telemetry;
import dev.weir.dataplane.upstream.StreamSource;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all exchanges share. May be used by all event loops. */
final class ExchangeServices {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final LogPause upstreamFaults = new LogPause(System::nanoTime);
  // Apart from those, so that backends that are down don't hide ours.
  private final LogPause localFaults = new LogPause(System::nanoTime);
  private final StreamSource streams;
  private final SpareRecords records = new SpareRecords();
  private final LocalReplies replies = new LocalReplies();
  private final IntSupplier httpsPort;
  private final Telemetry telemetry;
  private final LogWriter log;

  ExchangeServices(
      StreamSource streams, IntSupplier httpsPort, Telemetry telemetry, AccessLog log) {
    this.telemetry = telemetry;
    this.log = new LogWriter(log);
    this.streams = streams;
    this.httpsPort = httpsPort;
  }

  StreamSource streams() {
    return streams;
  }

  /** Records to be used again. */
  SpareRecords records() {
    return records;
  }

  LocalReplies replies() {
    return replies;
  }

  /**
   * Sends a reply of our own, or a page that says what failed if that can't be sent.
   *
   * @param filter of the reply's head; may throw
   * @return the status that was sent
   */
  int answer(
      ServerStream client,
      LocalReply reply,
      LocalReplies.HeadFilter filter,
      RequestHead head,
      Route route) {
    try {
      replies.send(client, reply, null, filter);
      return reply.status();
    } catch (RuntimeException e) {
      var fault = new ProxyError.LocalFault(e);
      report(fault, head, route);
      var page = ErrorReplies.of(fault);
      // Without filters: one of them may be what failed.
      replies.send(client, page, null, (headOfPage, editsOfPage) -> {});
      return page.status();
    }
  }

  int httpsPort() {
    return httpsPort.getAsInt();
  }

  /** Tells people who run the proxy why a request failed, if it wasn't the client's doing. */
  void report(ProxyError error, RequestHead head, Route route) {
    switch (error) {
      case ProxyError.ClientFault(var refusal) ->
          LOG.debug("{} {}: {}", head.method(), head.host(), refusal.detail());
      case ProxyError.UpstreamFault(var failure) -> {
        long unsaid = upstreamFaults.begin();
        if (unsaid >= 0) {
          LOG.info(
              "{} {} of {}: {} ({}); {} more failed since the last such line",
              head.method(),
              head.host(),
              route.origin(),
              failure.kind(),
              failure.detail(),
              unsaid);
        }
      }
      case ProxyError.LocalFault(var cause) -> {
        long unsaid = localFaults.begin();
        if (unsaid >= 0) {
          LOG.error(
              "{} {} of {} failed in the proxy itself; it was answered with 500; {} more failed"
                  + " since the last such line",
              head.method(),
              head.host(),
              route.origin(),
              unsaid,
              cause);
        }
      }
    }
  }

  /** Tells why a request of our own got no reply. */
  void reportCall(String why, Route route) {
    long unsaid = upstreamFaults.begin();
    if (unsaid >= 0) {
      LOG.info("For {}: {}; {} more failed since the last such line", route.origin(), why, unsaid);
    }
  }

  /**
   * Counts an exchange that is over, and writes its line.
   *
   * @param request null for what was no request
   * @param logged whether its route is
   */
  void onEnd(
      ExchangeRecord record,
      ServerStream client,
      AccessLogSettings settings,
      @Nullable FilterRequest request,
      boolean logged) {
    record.onEnd(client.bytesReceived(), client.bytesSent());
    telemetry.recordRequest(record);
    if (logged) {
      write(record, client, settings, request);
    }
  }

  /** Writes the line of a request of our own that is over; {@code request} is for whose sake. */
  void onCallEnd(ExchangeRecord record, ServerStream client, FilterRequest request) {
    record.onEnd(0, 0);
    write(record, client, request.settings().accessLog(), request);
  }

  private void write(
      ExchangeRecord record,
      ServerStream client,
      AccessLogSettings settings,
      @Nullable FilterRequest request) {
    if (settings.enabled()
        && (request == null
            || settings.skippedTargets().isEmpty()
            || !settings.skippedTargets().contains(request.head().target()))) {
      log.write(settings.format(), request, record, client);
    }
  }

  /** Counts a try that follows upon a failed one. */
  void onRetry(RetryReason reason) {
    telemetry.recordRetry(reason);
  }
}
