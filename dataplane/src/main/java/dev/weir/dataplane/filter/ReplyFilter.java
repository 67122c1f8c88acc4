package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;

/** A filter that changes heads of replies, also of those that the proxy makes. */
public interface ReplyFilter extends RouteFilter {
  /** Looks at a reply before its head is sent. Must not block. */
  void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits);
}
