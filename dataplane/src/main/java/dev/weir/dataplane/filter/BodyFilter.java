package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import org.jspecify.annotations.Nullable;

/** A filter that may change the body of an upstream's reply on its way. */
public interface BodyFilter extends ReplyFilter {
  /**
   * Called after {@link #onReply} of all filters, for a reply that has a body to be sent. The first
   * filter that answers with a transform is the only one. The reply is then sent with a length that
   * is not known before; every other field that no longer holds (ETag, Accept-Ranges,
   * Content-Encoding, Vary) is the filter's to edit.
   *
   * <p>Called for replies to HEAD as well, whose fields are to be those that GET would get; the
   * transform is then closed without a piece.
   *
   * @return null if the body stays
   */
  @Nullable BodyTransform transform(FilterRequest request, ReplyHead reply, HeadEdits edits);
}
