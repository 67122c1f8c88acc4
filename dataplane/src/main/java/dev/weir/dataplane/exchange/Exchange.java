package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.codec.ServerStreamListener;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.upstream.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight: passes the filters of its route in the order of checks, then is forwarded
 * or answered. Holds on to one table from head to end, whatever is applied meanwhile; only a
 * request of which nothing was sent yet begins again on a newer table, where the upstream it wanted
 * is no more.
 *
 * <p>Owned by the client connection's event loop.
 */
final class Exchange implements FilterRequest, ServerStreamListener {
  private static final HeadEdits NO_EDITS = new HeadEdits();

  // So that a request that meets a change at every turn ends somehow.
  private static final int MOST_BEGINNINGS = 4;

  private final ExchangeServices services;
  private final Exchanges exchanges;
  private final ServerStream client;
  private final RequestHead head;
  private final ExchangeRecord record;
  private RouteTable table;
  private RoutePlan plan;
  private HeadEdits edits = new HeadEdits();
  private int beginnings = 1;
  private int nextFilter;
  private long bodyLimit;
  private long bodySeen;
  private boolean replyBegun;
  private boolean over;
  private FilterOutcome.@Nullable Handle awaited;
  private @Nullable Forwarding forwarding;

  Exchange(
      ExchangeServices services,
      Exchanges exchanges,
      ServerStream client,
      RequestHead head,
      RouteTable table,
      RoutePlan plan) {
    this.services = services;
    this.exchanges = exchanges;
    this.client = client;
    this.head = head;
    this.table = table;
    this.plan = plan;
    this.record = new ExchangeRecord(plan.route().origin(), plan.host(), head);
  }

  /** Forgets what was decided, and stands before the filters of another table's route. */
  void enter(RouteTable newTable, RoutePlan newPlan) {
    table = newTable;
    plan = newPlan;
    record.onRoute(newPlan.route().origin(), newPlan.host());
    edits = new HeadEdits();
    nextFilter = 0;
    bodyLimit = 0;
    forwarding = null;
  }

  /** Begins again on the newest table; false if there is no newer one, or it was tried enough. */
  boolean beginAnew() {
    return !over && beginnings++ < MOST_BEGINNINGS && exchanges.beginAnew(this, table);
  }

  /** Begins. */
  void start() {
    try {
      runFilters();
    } catch (RuntimeException e) {
      fail(new ProxyError.LocalFault(e));
    }
  }

  private void runFilters() {
    var filters = plan.filters();
    while (nextFilter < filters.size() && !over) {
      var outcome = filters.get(nextFilter++).onRequest(this);
      if (!proceeds(outcome)) {
        return;
      }
    }
    if (!over && plan.route().action() instanceof RouteAction.Forward(var upstream, _)) {
      plan.budget().onRequest();
      UpstreamFields.add(edits, head, client.downstream());
      var started = new Forwarding(this, services.streams(), upstream);
      forwarding = started;
      started.start();
    }
  }

  private boolean proceeds(FilterOutcome outcome) {
    return switch (outcome) {
      case FilterOutcome.Continue go -> true;
      case FilterOutcome.Reply(var reply) -> {
        reply(reply);
        yield false;
      }
      case FilterOutcome.Await(var check) -> {
        awaited = check.start(decided -> client.downstream().loop().execute(() -> resume(decided)));
        yield false;
      }
    };
  }

  private void resume(FilterOutcome outcome) {
    if (over || awaited == null) {
      return;
    }
    awaited = null;
    try {
      if (proceeds(outcome)) {
        runFilters();
      }
    } catch (RuntimeException e) {
      fail(new ProxyError.LocalFault(e));
    }
  }

  /** Answers with a reply of our own. */
  void reply(LocalReply reply) {
    replyBegun = true;
    record.onReply(reply.status());
    services.replies().send(client, reply, null, this::filterReply);
    end();
  }

  /** Answers with an error; breaks the connection off if the reply has begun already. */
  void fail(ProxyError error) {
    if (over) {
      return;
    }
    services.report(error, head, plan.route());
    if (replyBegun) {
      client.reset();
      end();
    } else {
      reply(ErrorReplies.of(error));
    }
  }

  private void filterReply(ReplyHead reply, HeadEdits replyEdits) {
    var filters = plan.replyFilters();
    for (int i = 0; i < filters.size(); i++) {
      filters.get(i).onReply(this, reply, replyEdits);
    }
  }

  // From the client.

  @Override
  public void onBody(ByteBuf data, boolean ended) {
    var target = forwarding;
    if (over || target == null) {
      data.release();
      return;
    }
    bodySeen += data.readableBytes();
    if (bodyLimit > 0 && bodySeen > bodyLimit && !target.upgraded()) {
      data.release();
      target.cancel();
      fail(new ProxyError.ClientFault(new Refusal(413, "body longer than " + bodyLimit)));
    } else {
      target.onRequestBody(data, ended);
    }
  }

  @Override
  public void onWritable() {
    var target = forwarding;
    if (target != null && !over) {
      target.onClientWritable();
    }
  }

  @Override
  public void onBodyRefused(Refusal refusal) {
    cancelWork();
    fail(new ProxyError.ClientFault(refusal));
  }

  @Override
  public void onReset() {
    if (!over) {
      cancelWork();
      record.onClientGone();
      end();
    }
  }

  private void cancelWork() {
    var check = awaited;
    awaited = null;
    if (check != null) {
      check.cancel();
    }
    var target = forwarding;
    if (target != null) {
      target.cancel();
    }
  }

  // From the forwarding.

  void sendHead(ReplyHead reply, boolean ended) {
    replyBegun = true;
    record.onReply(reply.status());
    var replyEdits = NO_EDITS;
    if (!plan.replyFilters().isEmpty()) {
      replyEdits = new HeadEdits();
      filterReply(reply, replyEdits);
    }
    client.sendHead(reply, replyEdits, ended);
    if (ended) {
      end();
    }
  }

  void sendBody(ByteBuf data, boolean ended) {
    client.sendBody(data, ended);
    if (ended) {
      end();
    }
  }

  /** The exchange is over; releases what it holds. */
  private void end() {
    if (!over) {
      over = true;
      var target = forwarding;
      if (target != null) {
        target.cancel();
      }
      services.onEnd(record, client);
    }
  }

  /** The request is sent again after a failure. */
  void onRetry(UpstreamFailure failure, boolean reused) {
    services.onRetry(RetryReasons.of(failure, reused));
  }

  /** The request is sent again in place of passing on a reply of that status. */
  void onRetry(int status) {
    services.onRetry(RetryReasons.of(status));
  }

  boolean replyBegun() {
    return replyBegun;
  }

  ServerStream client() {
    return client;
  }

  ExchangeRecord record() {
    return record;
  }

  RoutePlan plan() {
    return plan;
  }

  // For filters.

  @Override
  public RequestHead head() {
    return head;
  }

  @Override
  public HeadEdits edits() {
    return edits;
  }

  @Override
  public Route route() {
    return plan.route();
  }

  @Override
  public ProxySettings settings() {
    return table.settings();
  }

  @Override
  public String scheme() {
    return downstream().scheme();
  }

  @Override
  public String clientAddress() {
    return downstream().clientAddress();
  }

  @Override
  public int port() {
    return downstream().port();
  }

  @Override
  public int httpsPort() {
    return services.httpsPort();
  }

  @Override
  public void limitBody(long bytes) {
    bodyLimit = bytes;
  }

  private Downstream downstream() {
    return client.downstream();
  }
}
