package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.codec.ServerStream;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamRequest.Reuse;
import dev.weir.dataplane.upstream.StreamSource;
import dev.weir.dataplane.upstream.UpstreamFailure;
import dev.weir.dataplane.upstream.UpstreamStream;
import dev.weir.dataplane.upstream.UpstreamStreamListener;
import dev.weir.dataplane.upstream.UpstreamTls;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request to an endpoint and its reply to the client, both bodies as streams: a side is
 * read only while the other side takes what comes, one piece at a time. Tries again as far as
 * {@link Retries} allows.
 *
 * <p>Owned by the exchange's event loop. After {@link #cancel} nothing happens any more.
 */
final class Forwarding implements StreamSource.Callback, UpstreamStreamListener {
  /** Body of a reply that isn't wanted. */
  private static final int MOST_DROPPED = 64 * 1024;

  private static final int DROP_SECONDS = 1;

  private final Exchange exchange;
  private final UpstreamId upstream;
  private final @Nullable UpstreamTls tls;
  private final RequestHead request;
  private final HeadEdits edits;
  private final Reuse reuse;
  private final boolean repeatable;

  /** Null where there is no body. */
  private final @Nullable ReplayBuffer replay;

  /** Made by the first failure. */
  private @Nullable Retries retries;

  private long connectsSince = System.nanoTime();
  private Set<Endpoint> tried = Set.of();
  private StreamSource.@Nullable Pending pending;
  private @Nullable UpstreamStream stream;
  private boolean answered;
  private boolean sent;
  private boolean passedOn;
  private int acquisitions;
  private boolean bodyStarted;
  private boolean requestEnded;
  private boolean upgraded;
  private boolean cancelled;
  private boolean dropping;
  private int dropped;

  /**
   * Before anything is sent.
   *
   * @param tls what is spoken to the upstream; null for plain HTTP
   */
  Forwarding(
      Exchange exchange,
      UpstreamId upstream,
      @Nullable UpstreamTls tls,
      RequestHead head,
      HeadEdits edits) {
    this.exchange = exchange;
    this.upstream = upstream;
    this.tls = tls;
    this.request = head;
    this.edits = edits;
    this.repeatable = Retries.repeatable(head.method(), exchange.plan().route().retries());
    long length = head.bodyLength();
    this.requestEnded = length == 0;
    this.reuse = repeatable && isKeepable(length) ? Reuse.ANY : Reuse.YOUNG;
    this.replay = length == 0 ? null : replayBuffer(exchange.client());
    if (!repeatable) {
      forgetBody();
    }
  }

  private static ReplayBuffer replayBuffer(ServerStream client) {
    return new ReplayBuffer(client::hold, client::letGo);
  }

  private Retries retries() {
    var made = retries;
    if (made == null) {
      made = new Retries(exchange.plan(), repeatable, connectsSince);
      retries = made;
    }
    return made;
  }

  private StreamSource streams() {
    return exchange.services().streams();
  }

  private void forgetBody() {
    if (replay != null) {
      replay.giveUp();
    }
  }

  /** Whether everything of the body that came can be sent again. */
  private boolean keepsBody() {
    return replay != null && replay.whole();
  }

  private static boolean isKeepable(long length) {
    return length != RequestHead.UNKNOWN_LENGTH && length <= ReplayBuffer.LIMIT;
  }

  void start() {
    exchange.record().onConnect(connectsSince);
    acquire(reuse);
  }

  private void acquire(Reuse wanted) {
    var timeouts = exchange.plan().route().timeouts();
    if (tried.size() > 0) {
      var left = timeouts.connect().minusNanos(System.nanoTime() - connectsSince);
      if (!left.isPositive()) {
        left = Duration.ofMillis(1);
      }
      timeouts = new Timeouts(left, timeouts.read(), timeouts.send());
    }
    var loop = exchange.client().downstream().loop();
    answered = false;
    int mine = ++acquisitions;
    var started = streams().acquire(upstream, tls, loop, timeouts, tried, wanted, this);
    // An answer from inside of the call may have begun another try, which is the pending one then.
    if (!answered && mine == acquisitions) {
      pending = started;
    }
  }

  // From the source of streams.

  @Override
  public UpstreamStreamListener onStream(UpstreamStream acquired) {
    answered = true;
    pending = null;
    stream = acquired;
    exchange.record().onConnected(acquired.endpoint(), acquired.reused());
    try {
      send(acquired);
    } catch (IllegalArgumentException | IllegalStateException e) {
      // Something in the head or the body that can't be sent; the stream has given itself up.
      stream = null;
      exchange.fail(new ProxyError.LocalFault(e));
    }
    return this;
  }

  private void send(UpstreamStream to) {
    sent = true;
    bodyStarted = request.bodyLength() == 0;
    to.allowReplyHead(exchange.replyHeadLimit());
    to.sendHead(request, edits, bodyStarted);
    if (!bodyStarted) {
      // Later, when the stream knows who listens to what the body brings about.
      exchange.client().downstream().loop().execute(this::sendBodySoFar);
    }
  }

  private void sendBodySoFar() {
    var to = stream;
    if (to == null || cancelled || bodyStarted) {
      return;
    }
    bodyStarted = true;
    if (replay != null && replay.whole()) {
      replay.sendTo(to, requestEnded);
    }
    pullRequest();
  }

  @Override
  public void onNoStream(UpstreamFailure failure, @Nullable Endpoint endpoint) {
    answered = true;
    pending = null;
    if (cancelled) {
      return;
    }
    if (retries().afterGoneEndpoint(failure)) {
      acquire(reuse);
      return;
    }
    onTryOver(endpoint, failure);
    if (endpoint != null
        && !tried.contains(endpoint)
        && hasConnectTime()
        && retries().afterConnect(failure)) {
      remember(endpoint);
      exchange.services().onRetry(RetryReasons.of(failure, false));
      acquire(reuse);
    } else {
      beginAnewOrGive(failure);
    }
  }

  // From the upstream.

  @Override
  public void onInformational(ReplyHead head) {
    // Our own 100 went out before the body was read.
    if (!cancelled && head.status() != 100) {
      passedOn = true;
      exchange.client().sendInformational(head);
    }
  }

  @Override
  public void onHead(ReplyHead head, boolean ended) {
    if (cancelled || triesAgainAfter(head.status())) {
      return;
    }
    forgetBody();
    exchange.record().onHead(head.status());
    if (!request.accepts(head) || (head.status() == 101 && request.upgrade().isEmpty())) {
      abandon();
      var why = head.status() + " that doesn't answer what was asked for";
      give(new UpstreamFailure(UpstreamFailure.Kind.MALFORMED_REPLY, why));
      return;
    }
    if (head.status() == 101) {
      upgraded = true;
      requestEnded = false;
    }
    exchange.sendHead(head, ended);
    if (dropping) {
      drain(ended);
    } else if (!ended && !cancelled) {
      if (upgraded) {
        pullRequest();
      }
      pullReply();
    }
  }

  @Override
  public void onBody(ByteBuf data, boolean ended) {
    if (cancelled) {
      data.release();
      return;
    }
    if (dropping) {
      dropped += data.readableBytes();
      data.release();
      drain(ended);
      return;
    }
    exchange.record().onUpstreamBody(data.readableBytes());
    exchange.sendBody(data, ended);
    if (!ended) {
      pullReply();
    }
  }

  @Override
  public void onTrailers(Fields trailers) {
    if (!cancelled && !dropping) {
      exchange.client().sendTrailers(trailers);
    }
  }

  @Override
  public void onWritable() {
    pullRequest();
  }

  @Override
  public ReplyRoom room() {
    return exchange.room();
  }

  @Override
  public void onFailure(UpstreamFailure failure) {
    var failed = stream;
    stream = null;
    if (cancelled || dropping || failed == null) {
      return;
    }
    if (retries().afterGoneEndpoint(failure)) {
      acquire(reuse);
      return;
    }
    onTryOver(failed.endpoint(), failure);
    if (!replayable()) {
      give(failure);
    } else if (failed.reused() && retries().afterDeadConnection(failure)) {
      exchange.services().onRetry(RetryReasons.of(failure, true));
      repeat(failed.endpoint(), Reuse.NONE);
    } else if (hasOther(failed.endpoint()) && retries().afterFailure(failure)) {
      exchange.services().onRetry(RetryReasons.of(failure, failed.reused()));
      repeat(failed.endpoint(), reuse);
    } else {
      give(failure);
    }
  }

  /** Whether another endpoint is asked in place of passing this reply on. */
  private boolean triesAgainAfter(int status) {
    var from = stream;
    if (from == null
        || !exchange.plan().route().retries().onStatus(status)
        || !replayable()
        || !hasOther(from.endpoint())
        || !retries().afterStatus(status)) {
      return false;
    }
    abandon();
    exchange.record().onTryOver(from.endpoint(), status);
    exchange.services().onRetry(RetryReasons.of(status));
    repeat(from.endpoint(), reuse);
    return true;
  }

  /** Sends the request to another endpoint, or, if there is none, once more to this one. */
  private void repeat(Endpoint failed, Reuse again) {
    remember(failed);
    // What was spent on waiting for a reply is no time spent on connecting.
    connectsSince = System.nanoTime();
    acquire(again);
  }

  /** Whether the client has seen nothing yet, and everything that was sent can be sent again. */
  private boolean replayable() {
    return !passedOn
        && !exchange.replyBegun()
        && repeatable
        && (request.bodyLength() == 0 || keepsBody());
  }

  private void onTryOver(@Nullable Endpoint at, UpstreamFailure failure) {
    exchange.record().onTryOver(at, ErrorReplies.of(failure).status());
  }

  private boolean hasOther(Endpoint failed) {
    return streams().hasOther(upstream, failed, tried);
  }

  private boolean hasConnectTime() {
    var limit = exchange.plan().route().timeouts().connect().toNanos();
    return System.nanoTime() - connectsSince < limit;
  }

  // From the client, by way of the exchange.

  void onRequestBody(ByteBuf data, boolean ended) {
    requestEnded = ended;
    var to = bodyStarted ? stream : null;
    if (replay != null) {
      replay.add(data);
    }
    if (to == null) {
      data.release();
      if (!keepsBody()) {
        // Between two tries, and too much came to keep: the next try would lack its beginning.
        give(
            new UpstreamFailure(
                UpstreamFailure.Kind.CLOSED_BEFORE_REPLY, "body can't be replayed"));
      }
      return;
    }
    to.sendBody(data, ended);
    if (!ended) {
      pullRequest();
    }
  }

  void onClientWritable() {
    pullReply();
  }

  /**
   * Something else is sent in the reply's place: its body is read on a little and thrown away, for
   * the connection's sake. From inside of {@link #onHead}.
   */
  void drop() {
    dropping = true;
  }

  private void drain(boolean ended) {
    var from = stream;
    if (ended) {
      stream = null;
    } else if (dropped > MOST_DROPPED || !requestEnded) {
      cancel();
    } else if (from != null) {
      if (dropped == 0) {
        var loop = exchange.client().downstream().loop();
        var _ = loop.schedule(this::cancel, DROP_SECONDS, TimeUnit.SECONDS);
      }
      from.read();
    }
  }

  boolean upgraded() {
    return upgraded;
  }

  /** Gives up; also called when all is done, to let go what is still held. */
  void cancel() {
    if (cancelled) {
      return;
    }
    cancelled = true;
    forgetBody();
    var waiting = pending;
    pending = null;
    if (waiting != null) {
      waiting.cancel();
    }
    abandon();
  }

  private void abandon() {
    var open = stream;
    stream = null;
    if (open != null) {
      open.cancel();
    }
  }

  private void pullRequest() {
    var to = stream;
    if (!cancelled && !dropping && bodyStarted && !requestEnded && to != null && to.writable()) {
      exchange.client().read();
    }
  }

  private void pullReply() {
    var from = stream;
    if (!cancelled && !dropping && from != null && exchange.takesReply()) {
      from.read();
    }
  }

  private void remember(Endpoint endpoint) {
    var more = new HashSet<>(tried);
    more.add(endpoint);
    tried = more;
  }

  /**
   * An upstream without endpoints may be one that a change has just taken away; a request that it
   * has seen nothing of is then routed by the newer table, and the change costs it nothing.
   */
  private void beginAnewOrGive(UpstreamFailure failure) {
    boolean gone =
        switch (failure.kind()) {
          case NO_ENDPOINT, ENDPOINT_GONE -> true;
          case OVERLOADED,
              CONNECT_FAILED,
              CONNECT_TIMEOUT,
              CLOSED_BEFORE_REPLY,
              CLOSED_IN_REPLY,
              MALFORMED_REPLY,
              READ_TIMEOUT,
              SEND_TIMEOUT ->
              false;
        };
    boolean repeatable = request.bodyLength() == 0 && Retries.isIdempotent(request.method());
    if (gone && (!sent || repeatable) && exchange.beginAnew()) {
      cancelled = true;
      forgetBody();
    } else {
      give(failure);
    }
  }

  private void give(UpstreamFailure failure) {
    forgetBody();
    exchange.fail(new ProxyError.UpstreamFault(failure));
  }
}
