package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Origin;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.tls.ClientTlsPolicy;
import io.netty.channel.EventLoop;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Hands out streams: the door of this package for an exchange. */
public interface StreamSource {
  /** Answered once, on the request's event loop, possibly before {@link #acquire} returns. */
  interface Callback {
    /** A connected stream that now belongs to the caller; the answer is who listens to it. */
    UpstreamStreamListener onStream(UpstreamStream stream);

    /**
     * No stream.
     *
     * @param endpoint the one that failed; null where none could be chosen
     */
    void onNoStream(UpstreamFailure failure, @Nullable Endpoint endpoint);
  }

  /** A request under way that can be given up. */
  interface Pending {
    /** The callback will not be called any more. */
    void cancel();
  }

  /** Picks an endpoint and connects, or takes a pooled connection. One attempt, no retry. */
  Pending acquire(StreamRequest request, Callback callback);

  /** As the other, for those who have no request to hand over yet. */
  default Pending acquire(
      UpstreamId upstream,
      @Nullable UpstreamTls tls,
      EventLoop loop,
      Timeouts timeouts,
      Set<Endpoint> tried,
      StreamRequest.Reuse reuse,
      Callback callback) {
    return acquire(new StreamRequest(upstream, tls, loop, timeouts, tried, reuse), callback);
  }

  /**
   * Whether the upstream has an endpoint now: the no-endpoints answer comes before other checks.
   */
  boolean hasEndpoints(UpstreamId upstream);

  /** Whether another endpoint than {@code failed} is there that is not among {@code tried}. */
  boolean hasOther(UpstreamId upstream, Endpoint failed, Set<Endpoint> tried);

  /**
   * The upstream that an origin is, made now if there is none; it goes when nobody asked for it for
   * a while. From any thread; doesn't wait for the name to be resolved.
   */
  UpstreamId origin(Origin origin);

  /** TLS under that policy, the same for all who ask; made now if there is none. */
  UpstreamTls tls(ClientTlsPolicy policy);
}
