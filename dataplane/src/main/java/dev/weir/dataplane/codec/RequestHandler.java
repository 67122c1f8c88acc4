package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Refusal;
import dev.weir.dataplane.http.RequestHead;

/** Takes requests from connections; shared by all event loops. */
public interface RequestHandler {
  /** A valid request. It may be answered before this returns. */
  ServerStreamListener onRequest(ServerStream stream, RequestHead head);

  /**
   * What came is no acceptable request: to be answered at once; the connection then closes.
   *
   * @param line the request line, or what came in its place, of any bytes; read during the call
   *     only
   */
  void onRefused(ServerStream stream, Refusal refusal, CharSequence line);
}
