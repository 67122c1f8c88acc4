package dev.weir.dataplane.codec;

/**
 * What of a connection of HTTP/2 needs its channel.
 *
 * @param output the socket's
 * @param frames writes frames of the connection
 * @param heads writes heads of replies
 * @param sender sends bodies of replies
 * @param credit grants bytes of requests' bodies
 * @param arrivals knows what the client has read
 * @param inbound reads frames
 */
record Http2Parts(
    ServerOutput output,
    Http2Output frames,
    Http2HeadFrames heads,
    Http2Sender sender,
    Http2Credit credit,
    Http2Arrivals arrivals,
    Http2Inbound inbound) {}
