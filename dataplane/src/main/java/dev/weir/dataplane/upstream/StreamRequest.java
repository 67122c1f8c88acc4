package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import io.netty.channel.EventLoop;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange wants of its upstream.
 *
 * @param tls how the connection is encrypted; null for as the upstream has it, mostly not at all
 * @param loop the exchange's event loop; the stream lives on it
 * @param tried endpoints that failed this request already, avoided if another exists
 * @param reuse which pooled connections will do
 */
public record StreamRequest(
    UpstreamId upstream,
    @Nullable UpstreamTls tls,
    EventLoop loop,
    Timeouts timeouts,
    Set<Endpoint> tried,
    Reuse reuse) {

  /** One that asks for no TLS. */
  public StreamRequest(
      UpstreamId upstream, EventLoop loop, Timeouts timeouts, Set<Endpoint> tried, Reuse reuse) {
    this(upstream, null, loop, timeouts, tried, reuse);
  }

  /** Which connections that carried a request before may carry this one. */
  public enum Reuse {
    /** Any: a request that may be sent twice. */
    ANY,
    /** One that the peer has surely not closed: a request that must not be sent twice. */
    YOUNG,
    /** None: a request that just met a dead one. */
    NONE
  }
}
