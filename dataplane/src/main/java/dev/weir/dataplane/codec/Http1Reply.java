package dev.weir.dataplane.codec;

import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.ReplyHead;

/** The head of an HTTP/1 reply. Immutable. */
record Http1Reply(int status, String reason, Fields fields, long bodyLength) implements ReplyHead {}
