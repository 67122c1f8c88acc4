package dev.weir.dataplane.exchange;

import dev.weir.dataplane.codec.ReplyRoom;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.Endpoint;
import dev.weir.dataplane.model.Origin;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamRequest;
import dev.weir.dataplane.upstream.StreamSource;
import dev.weir.dataplane.upstream.UpstreamFailure;
import dev.weir.dataplane.upstream.UpstreamStream;
import dev.weir.dataplane.upstream.UpstreamStreamListener;
import dev.weir.dataplane.upstream.UpstreamTls;
import dev.weir.tls.ClientTlsPolicy;
import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Streams for one request of our own, with a record of what becomes of them. Owned by the event
 * loop of that request.
 */
record LoggedStreams(StreamSource streams, ExchangeRecord record) implements StreamSource {
  @Override
  public Pending acquire(StreamRequest request, Callback callback) {
    return streams.acquire(request, new Acquiring(record, callback));
  }

  @Override
  public boolean hasEndpoints(UpstreamId upstream) {
    return streams.hasEndpoints(upstream);
  }

  @Override
  public boolean hasOther(UpstreamId upstream, Endpoint failed, Set<Endpoint> tried) {
    return streams.hasOther(upstream, failed, tried);
  }

  @Override
  public UpstreamId origin(Origin origin) {
    return streams.origin(origin);
  }

  @Override
  public UpstreamTls tls(ClientTlsPolicy policy) {
    return streams.tls(policy);
  }

  private record Acquiring(ExchangeRecord record, Callback callback) implements Callback {
    @Override
    public UpstreamStreamListener onStream(UpstreamStream stream) {
      record.onConnected(stream.endpoint(), stream.reused());
      return new Listening(record, stream.endpoint(), callback.onStream(stream));
    }

    @Override
    public void onNoStream(UpstreamFailure failure, @Nullable Endpoint endpoint) {
      record.onTryOver(endpoint, ErrorReplies.of(failure).status());
      callback.onNoStream(failure, endpoint);
    }
  }

  private record Listening(ExchangeRecord record, Endpoint endpoint, UpstreamStreamListener to)
      implements UpstreamStreamListener {
    @Override
    public void onInformational(ReplyHead head) {
      to.onInformational(head);
    }

    @Override
    public void onHead(ReplyHead head, boolean ended) {
      record.onHead(head.status());
      to.onHead(head, ended);
    }

    @Override
    public void onBody(ByteBuf data, boolean ended) {
      to.onBody(data, ended);
    }

    @Override
    public void onWritable() {
      to.onWritable();
    }

    @Override
    public @Nullable ReplyRoom room() {
      return to.room();
    }

    @Override
    public void onFailure(UpstreamFailure failure) {
      record.onTryOver(endpoint, ErrorReplies.of(failure).status());
      to.onFailure(failure);
    }
  }
}
