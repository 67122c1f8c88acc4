package dev.weir.dataplane.codec;

/** What a client's HTTP/1 connection makes of the bytes that arrive. */
enum Inbound {
  /** The head of the next request. */
  HEAD,
  /** The body of the request in progress. */
  BODY,
  /** The reply is over, the request isn't: its rest is thrown away. */
  DISCARD,
  /** The request is over, the reply isn't. */
  DONE,
  /** The bytes of an upgraded connection. */
  RAW,
  /** Nothing will be understood any more; read only so that the reply isn't lost to a reset. */
  LINGER,
  /** Nothing more. */
  CLOSED
}
