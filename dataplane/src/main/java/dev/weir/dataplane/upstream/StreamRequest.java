package dev.weir.dataplane.upstream;

import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Timeouts;
import dev.weir.dataplane.model.UpstreamId;
import io.netty.channel.EventLoop;
import java.util.Set;

/**
 * What an exchange wants of its upstream.
 *
 * @param loop the exchange's event loop; the stream lives on it
 * @param tried endpoints that failed this request already, avoided if another exists
 * @param fresh a new connection is wanted (a retry after a dead pooled one)
 */
public record StreamRequest(
    UpstreamId upstream, EventLoop loop, Timeouts timeouts, Set<Endpoint> tried, boolean fresh) {}
