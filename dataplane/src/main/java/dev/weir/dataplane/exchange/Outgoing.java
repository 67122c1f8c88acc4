package dev.weir.dataplane.exchange;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.UpstreamId;

/** What is sent upstream, and where. */
record Outgoing(UpstreamId upstream, RequestHead head, HeadEdits edits) {}
