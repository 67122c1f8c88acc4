package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.Downstream;
import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.codec.ServerStreamListener;
import dev.weir.dataplane.filter.ErrorFilter;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RequestMemory;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.filter.TextSink;
import dev.weir.dataplane.http.Client;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.Route;
import dev.weir.dataplane.model.RouteAction;
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
  // Each needs a newer table, so that only changes at every turn of the loop come near it.
  private static final int MOST_BEGINNINGS = 100;

  private final ExchangeServices services;
  private final Exchanges exchanges;
  private final ServerStream client;
  private final RequestHead head;
  private final ExchangeRecord record;
  private RouteTable table;
  private RoutePlan plan;
  private @Nullable ClientIdentity identity;
  private final HeadEdits edits;
  private RequestMemory memory = RequestMemory.NOTHING;
  private int beginnings = 1;
  private int nextFilter;
  private long bodySeen;
  private boolean replyBegun;
  private boolean unlogged;
  private boolean over;
  private @Nullable Awaiting awaited;
  private @Nullable Forwarding forwarding;
  private @Nullable ReplyBody replyBody;
  private @Nullable LocalReply substituted;
  private @Nullable ReplyHead replyHead;
  private @Nullable String requestId;

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
    this.identity = ClientIdentity.of(head, client.downstream(), table.settings().forwarded());
    this.edits = head.newEdits();
    this.record = services.records().begin(plan, head);
  }

  /** Forgets what was decided, and stands before the filters of another table's route. */
  void enter(RouteTable newTable, RoutePlan newPlan) {
    memory.ended(this);
    memory = RequestMemory.NOTHING;
    table = newTable;
    plan = newPlan;
    identity = ClientIdentity.of(head, downstream(), newTable.settings().forwarded());
    record.onRoute(newPlan);
    edits.clear();
    nextFilter = 0;
    forwarding = null;
  }

  /** Begins again on the newest table; false if there is no newer one, or it was tried enough. */
  boolean beginAnew() {
    return !over
        && substituted == null
        && beginnings++ < MOST_BEGINNINGS
        && exchanges.beginAnew(this, table);
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
    if (!over && plan.route().action() instanceof RouteAction.Forward action) {
      plan.budget().onRequest();
      UpstreamFields.add(this, edits, downstream(), identity == null ? null : identity.told());
      forward(Outgoing.forwarding(action, this));
    }
  }

  private void forward(Forwarding started) {
    forwarding = started;
    started.start();
  }

  private boolean proceeds(FilterOutcome outcome) {
    return switch (outcome) {
      case FilterOutcome.Continue go -> true;
      case FilterOutcome.Reply(var reply) -> {
        reply(reply);
        yield false;
      }
      case FilterOutcome.Await(var check) -> {
        Awaiting.begin(this, check, waiting -> awaited = waiting);
        yield false;
      }
    };
  }

  /** Goes on after a check; from {@link Awaiting} only. */
  void resume(Awaiting by, FilterOutcome outcome) {
    if (over || awaited != by) {
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
    if (!substitutes(reply.status(), reply)) {
      sendOwn(reply);
    }
  }

  private void sendOwn(LocalReply reply) {
    replyBegun = true;
    record.onReply(reply.status());
    memory.beforeBytes(true, this);
    int sent = services.answer(client, reply, this::filterReply, head, plan.route());
    if (sent != reply.status()) {
      record.onReply(sent);
    }
    end();
  }

  /**
   * Whether something else is sent in the place of a reply with that status; then it is under way.
   *
   * @param own the reply if it is our own
   */
  private boolean substitutes(int status, @Nullable LocalReply own) {
    if (substituted != null || plan.replies().errors().isEmpty()) {
      return false;
    }
    var substitute = plan.replies().substitute(this, status, own != null);
    if (substitute == null) {
      return false;
    }
    substituted = own == null ? LocalReply.page(status) : own;
    if (own != null && own.close()) {
      client.closeAfterReply();
    }
    forwarding = null;
    switch (substitute) {
      case ErrorFilter.Own(var reply) -> sendOwn(reply);
      case ErrorFilter.Asked(var upstream, var asked, var askedEdits) ->
          forward(new Forwarding(this, upstream, null, asked, askedEdits));
    }
    return true;
  }

  /** Answers with an error; breaks the connection off if the reply has begun already. */
  void fail(ProxyError error) {
    if (over) {
      return;
    }
    services.report(error, head, plan.route());
    var instead = substituted;
    if (replyBegun) {
      client.reset();
      end();
    } else if (instead != null) {
      sendOwn(instead);
    } else {
      reply(ErrorReplies.of(error));
    }
  }

  private void filterReply(ReplyHead reply, HeadEdits replyEdits) {
    plan.replies().edit(this, reply, replyEdits);
    record.keepFields(table.settings().accessLog().format(), reply, replyEdits);
  }

  // From the client.

  @Override
  public void onBody(ByteBuf data, boolean ended) {
    var target = forwarding;
    if (over || target == null || substituted != null) {
      data.release();
      return;
    }
    bodySeen += data.readableBytes();
    long bodyLimit = memory.bodyLimit();
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
    var way = replyBody;
    if (way == null) {
      pullReply();
    } else if (!over) {
      way.onWritable();
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
    cancelForwarding();
  }

  private void cancelForwarding() {
    var target = forwarding;
    if (target != null) {
      target.cancel();
    }
  }

  // From the forwarding.

  void sendHead(ReplyHead reply, boolean ended) {
    try {
      var from = forwarding;
      if (substitutes(reply.status(), null)) {
        reply.release();
        if (from != null) {
          from.drop();
        }
        return;
      }
      sendFiltered(reply, ended);
    } catch (RuntimeException e) {
      closeReplyBody();
      cancelForwarding();
      fail(new ProxyError.LocalFault(e));
    }
  }

  private void sendFiltered(ReplyHead reply, boolean ended) {
    record.onReply(reply.status());
    replyHead = reply;
    client.holdsHead(reply.held());
    var replyEdits = plan.replies().editsOf(this, reply, substituted);
    var way = ReplyBody.of(this, reply, replyEdits, ended, memory.replyRate());
    replyBody = way;
    boolean measured = way == null || way.measured();
    record.keepFields(table.settings().accessLog().format(), reply, replyEdits);
    memory.beforeBytes(ended, this);
    client.sendHead(measured ? reply : new ReplyPhase.Unmeasured(reply), replyEdits, ended);
    replyBegun = true;
    forgetReplyHead();
    if (ended) {
      end();
    }
  }

  void sendBody(ByteBuf data, boolean ended) {
    var way = replyBody;
    if (way == null) {
      deliver(data, ended);
      return;
    }
    try {
      way.take(data, ended);
    } catch (RuntimeException e) {
      fail(new ProxyError.LocalFault(e));
    }
  }

  /** Sends a piece of body as the client gets it. */
  void deliver(ByteBuf data, boolean ended) {
    memory.beforeBytes(ended, this);
    client.sendBody(data, ended);
    if (ended) {
      end();
    }
  }

  /** Whether the client takes more of the reply now. */
  boolean takesReply() {
    var way = replyBody;
    return client.writable() && (way == null || !way.holds());
  }

  /** What bounds reads of the reply. */
  ReplyRoom room() {
    var way = replyBody;
    return way == null ? client : way.room();
  }

  /** Has more of the reply come. */
  void pullReply() {
    var target = forwarding;
    if (target != null && !over) {
      target.onClientWritable();
    }
  }

  /** The exchange is over; releases what it holds. */
  private void end() {
    if (!over) {
      over = true;
      memory.ended(this);
      cancelForwarding();
      closeReplyBody();
      var log = table.settings().accessLog();
      services.onEnd(record, client, log, this, !unlogged && plan.isLogged(log));
      // From here on nobody looks at them.
      forgetReplyHead();
      head.release();
      services.records().add(record);
    }
  }

  /** What the log shows of it is kept by then. */
  private void forgetReplyHead() {
    var reply = replyHead;
    replyHead = null;
    if (reply != null) {
      client.holdsHead(-reply.held());
      reply.release();
    }
  }

  private void closeReplyBody() {
    var way = replyBody;
    replyBody = null;
    if (way != null) {
      way.close();
    }
  }

  ExchangeServices services() {
    return services;
  }

  boolean replyBegun() {
    return replyBegun;
  }

  ServerStream client() {
    return client;
  }

  @Override
  public ExchangeRecord record() {
    return record;
  }

  RoutePlan plan() {
    return plan;
  }

  /** Bytes that the head of the upstream's reply may have, if more than usual. */
  int replyHeadLimit() {
    return memory.replyHead();
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
  public Client from() {
    var said = identity;
    return said == null ? downstream() : said;
  }

  @Override
  public int httpsPort() {
    return services.httpsPort();
  }

  @Override
  public void keepOutOfLog() {
    unlogged = true;
  }

  @Override
  public String requestId() {
    var id = requestId;
    if (id == null) {
      id = UpstreamFields.id(this);
      requestId = id;
    }
    return id;
  }

  @Override
  public void addRequestId(TextSink text) {
    UpstreamFields.addId(text, this);
  }

  @Override
  public FilterOutcome.Handle send(SubRequest request, SubRequest.Listener listener) {
    var call = OwnCall.start(this, services, request, listener);
    memory().called(call);
    return call;
  }

  @Override
  public RequestMemory memory() {
    if (memory == RequestMemory.NOTHING) {
      memory = new RequestMemory();
    }
    return memory;
  }

  private Downstream downstream() {
    return client.downstream();
  }
}
