package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.Origin;
import dev.weir.dataplane.model.UpstreamId;
import java.time.Duration;

/**
 * A request of our own, without a body, made for the sake of one that passes a filter.
 *
 * @param head method, target, host and the fields that it begins with; often the client's fields
 *     (see {@link SubRequestHead}), of which hop-by-hop ones and those of framing stay behind
 * @param edits what is changed of the fields
 * @param connect for all attempts to connect together
 * @param whole until the head of the reply
 */
public record SubRequest(
    Destination destination, RequestHead head, HeadEdits edits, Duration connect, Duration whole) {

  /** Where it goes. */
  public sealed interface Destination {}

  /** A Service port that the table knows. */
  public record ToUpstream(UpstreamId upstream) implements Destination {}

  /** A server named by URL; its name is resolved and followed by TTL. */
  public record ToOrigin(Origin origin) implements Destination {}

  /** Receives the reply, on the exchange's loop: one call of one method, unless cancelled. */
  public interface Listener {
    /**
     * The final head; valid during the call. The body is read on a little for the connection's sake
     * and thrown away.
     */
    void onReply(ReplyHead reply);

    /**
     * There is no reply.
     *
     * @param why for the log, never for a client
     */
    void onFailure(String why);
  }
}
