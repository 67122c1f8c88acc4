package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.RequestFacts;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.LogFormat;
import dev.weir.dataplane.telemetry.RequestSample;
import dev.weir.dataplane.telemetry.RouteCounters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of an exchange, gathered while it happens. Used for one exchange after the other;
 * owned by its event loop.
 */
final class ExchangeRecord implements RequestSample, RequestFacts {
  /** nginx's status for a client that left. */
  private static final int CLIENT_GONE = 499;

  private static final int TIMEOUT = 504;

  private RoutePlan plan;
  private @Nullable RequestHead head;
  private int status;
  private long startedAt;
  private long connectAt;
  private long connectNanos;
  private long headerNanos;
  private long endedAt;
  private long requestBytes;
  private long replyBytes;
  private boolean clientGone;
  private CharSequence refusedLine = "";

  /** The try under way. */
  private UpstreamTry current = new UpstreamTry();

  /** What the last try came to; a timeout while it isn't over. */
  private int failure;

  /** Those before it, if any. */
  private @Nullable List<UpstreamTry> earlier;

  private @Nullable Map<LogFormat.OfReply, String> replyFields;

  /**
   * One to {@link #begin}.
   *
   * @param plan of any route
   */
  ExchangeRecord(RoutePlan plan) {
    this.plan = plan;
  }

  /**
   * Begins.
   *
   * @param newHead null for what was no request
   */
  void begin(RoutePlan newPlan, @Nullable RequestHead newHead) {
    plan = newPlan;
    head = newHead;
    status = 0;
    startedAt = System.nanoTime();
    connectAt = startedAt;
    connectNanos = NONE;
    headerNanos = NONE;
    clientGone = false;
    refusedLine = "";
    earlier = null;
    replyFields = null;
    current.begin(startedAt);
    failure = TIMEOUT;
  }

  /** What came was no request; this line in place of one. */
  void refused(int replyStatus, CharSequence line) {
    status = replyStatus;
    refusedLine = line;
  }

  /** What came in place of a request line; read before more bytes come. */
  CharSequence refusedLine() {
    return refusedLine;
  }

  /** The request was routed anew. */
  void onRoute(RoutePlan newPlan) {
    plan = newPlan;
  }

  /**
   * An upstream is asked.
   *
   * @param now {@link System#nanoTime}
   */
  void onConnect(long now) {
    connectAt = now;
    current.begin(now);
  }

  void onConnected(Endpoint to, boolean reused) {
    long now = reused ? connectAt : System.nanoTime();
    connectNanos = now - connectAt;
    failure = TIMEOUT;
    current.connected(to, reused ? 0 : now - current.begunAt());
  }

  /** The head of the upstream's reply is there. */
  void onHead(int upstreamStatus) {
    long now = System.nanoTime();
    headerNanos = now - connectAt;
    current.head(upstreamStatus, now);
  }

  /** A piece of the upstream's reply is there. */
  void onUpstreamBody(int bytes) {
    current.body(bytes);
  }

  /**
   * A try is over, and it is not the one whose reply the client gets.
   *
   * @param at the endpoint that was tried; null if none could be
   * @param resultStatus what the failure comes to, or the reply's own status
   */
  void onTryOver(@Nullable Endpoint at, int resultStatus) {
    long now = System.nanoTime();
    failure = resultStatus;
    if (at != null) {
      current.failed(at, resultStatus, now);
      var list = earlier;
      if (list == null) {
        list = new ArrayList<>(2);
        earlier = list;
      }
      list.add(current);
      current = new UpstreamTry();
    }
    current.begin(now);
  }

  /** How many tries there were. */
  int tries() {
    var list = earlier;
    return (list == null ? 0 : list.size()) + (current.endpoint() == null ? 0 : 1);
  }

  /** One of them, in order; once the exchange is over. */
  UpstreamTry attempt(int index) {
    var list = earlier;
    return list == null || index == list.size() ? current : list.get(index);
  }

  /** Keeps the fields of a reply that the log shows. */
  void keepFields(LogFormat format, ReplyHead reply, HeadEdits edits) {
    var shown = format.replyFields();
    for (int i = 0; i < shown.size(); i++) {
      var part = shown.get(i);
      var value = part.asSent() ? edited(part, reply, edits) : reply.fields().first(part.name());
      if (value != null) {
        var kept = replyFields;
        if (kept == null) {
          kept = new HashMap<>();
          replyFields = kept;
        }
        kept.put(part, value);
      }
    }
  }

  /** The value that the client gets. */
  private static @Nullable String edited(LogFormat.OfReply part, ReplyHead reply, HeadEdits edits) {
    var value = edits.replaces(part.name()) ? null : reply.fields().first(part.name());
    for (var edit : edits.edits()) {
      if (edit.name().equals(part.name()) && edit.value() != null) {
        value = edit.value();
      }
    }
    return value;
  }

  /** A field that was kept; null for none. */
  @Nullable String replyField(LogFormat.OfReply part) {
    var kept = replyFields;
    return kept == null ? null : kept.get(part);
  }

  /** Whether the client stayed to the end. */
  boolean complete() {
    return !clientGone;
  }

  void onReply(int replyStatus) {
    status = replyStatus;
  }

  /** No try brought a reply, and there will be none. */
  void onNoReply() {
    var at = current.endpoint();
    if (at != null) {
      onTryOver(at, TIMEOUT);
    }
    status = failure;
  }

  void onClientGone() {
    clientGone = true;
    if (status == 0) {
      status = CLIENT_GONE;
    }
  }

  void onEnd(long received, long sent) {
    endedAt = System.nanoTime();
    current.end(endedAt);
    requestBytes = received;
    replyBytes = sent;
  }

  @Override
  public RouteCounters counters() {
    return plan.counters();
  }

  @Override
  public String method() {
    var request = head;
    return request == null ? "" : request.method();
  }

  @Override
  public int status() {
    return status;
  }

  /** Of the virtual host, empty for none. */
  @Override
  public String hostPattern() {
    return plan.host();
  }

  @Override
  public String host() {
    var request = head;
    return request == null ? "" : request.host();
  }

  @Override
  public long requestNanos() {
    return endedAt - startedAt;
  }

  @Override
  public long connectNanos() {
    return connectNanos;
  }

  @Override
  public long headerNanos() {
    return headerNanos;
  }

  @Override
  public long responseNanos() {
    return headerNanos == NONE ? NONE : endedAt - connectAt;
  }

  @Override
  public long requestBytes() {
    return requestBytes;
  }

  @Override
  public long replyBytes() {
    return replyBytes;
  }
}
