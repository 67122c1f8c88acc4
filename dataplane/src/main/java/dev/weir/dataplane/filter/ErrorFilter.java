package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.UpstreamId;
import org.jspecify.annotations.Nullable;

/** A filter that may send something else in the place of a reply. */
public interface ErrorFilter extends RouteFilter {
  /**
   * Looks at the status of a reply before its head is sent; not called for what stands in for a
   * reply already. Must not block.
   *
   * @param own whether the proxy made the reply itself
   * @return null if the reply stays
   */
  @Nullable Substitute onStatus(FilterRequest request, int status, boolean own);

  /** What is sent in a reply's place. */
  sealed interface Substitute {}

  /** A reply of the proxy's own. */
  record Own(LocalReply reply) implements Substitute {}

  /**
   * The reply of an upstream, whatever its status, as a stream; if it can't be asked, a page of the
   * original status.
   *
   * @param head of the request that it is asked with, without a body
   */
  record Asked(UpstreamId upstream, RequestHead head, HeadEdits edits) implements Substitute {}
}
