package dev.weir.dataplane.telemetry;

/**
 * What a client of HTTP/2 may do, but not often: each costs us more than it costs the client, or
 * serves nobody. A connection may spend {@link #BUDGET} points in ten seconds; the points of an
 * offence are that number by how often it may be there.
 *
 * <p>The rule of the weights: a client that does what its user wants never comes to three quarters
 * of it. What such clients do in numbers was taken from browsers, gRPC's libraries, nghttp2, Go's
 * and the JDK's clients; what depends on how much is going on (updates of windows, PINGs that
 * measure a path, priorities) is free in proportion to that, and only what exceeds it is charged.
 */
public enum Offence {
  /**
   * The client reset a stream before its reply was complete (CVE-2023-44487, rapid reset). After
   * 100 in ten seconds such a client is sent to a new connection, which costs it a round trip; 134
   * end the connection. A browser that leaves a page cancels what it still has in flight, dozens
   * and no more than the 128 that it may have: its other pages, on the same connection, lose
   * nothing. A gRPC client with deadlines does so now and then for seconds on end. How many reach
   * backends in vain is bounded apart from that, by {@code AbuseBudget}.
   */
  RESET_BY_CLIENT("reset_by_client", 75),
  /**
   * The client broke a rule so that we had to reset a stream (CVE-2025-8671, MadeYouReset): an
   * update of a window by nothing or too much, frames behind the end of a request, a PRIORITY that
   * is malformed or depends on itself, a body of another length than announced. The same work is
   * cancelled as by {@link #RESET_BY_CLIENT}, and no working client does it: 100 in ten seconds.
   */
  RESET_BY_US("reset_by_us", 100),
  /** A request that is malformed; answered with a reset, too, and weighs what a reset does. */
  MALFORMED("malformed", 100),
  /**
   * A head of too many or too long fields. Unpacking it is all that it costs; a page whose cookies
   * grew too large asks for some dozens of things, and each is answered 431.
   */
  HEAD_TOO_LARGE("head_too_large", 100),
  /**
   * A head that unpacks to far more than any head may have (HTTP/2 bomb, CVE-2026-47774). No client
   * has use for it: it ends the connection.
   */
  HEADER_BOMB("header_bomb", Offence.BUDGET),
  /**
   * More CONTINUATION frames than a head may have (hardening.md 1.2: 8). Clients fill frames of 16
   * KiB before they begin another, and heads end at 32 KiB. It ends the connection, because the
   * head can't be left out: the table of fields goes on from it.
   */
  CONTINUATION("continuation", Offence.BUDGET),
  /**
   * A change of the size of the table of fields, beyond two in a connection's life. Clients make
   * one when they begin; each may throw all entries away. 50 in ten seconds.
   */
  TABLE_RESIZE("table_resize", 200),
  /**
   * DATA without a byte of payload that ends nothing. Some libraries send one where a body ends or
   * is flushed; 100 in ten seconds (hardening.md 1.2).
   */
  EMPTY_DATA("empty_data", 100),
  /** The third one running, and each after it: no library does that. 20 in ten seconds. */
  EMPTY_DATA_AGAIN("empty_data_again", 500),
  /**
   * DATA with less than five bytes that doesn't end the body. A message of gRPC has five bytes
   * before its content, one of a WebSocket six: smaller pieces come from clients that send a body
   * byte by byte. A thousand a second of them pass.
   */
  TINY_DATA("tiny_data", 1),
  /**
   * SETTINGS beyond ten in a connection's life. Clients send one, some a few more as they learn
   * about the path; 100 in ten seconds, and one of many settings counts as several.
   */
  SETTINGS("settings", 100),
  /**
   * A PING while nothing was sent to the client since the last one: what measures a path comes with
   * data, once a round trip at most, and is free. What asks whether we are there comes every few
   * seconds at most. 100 in ten seconds; an answer to a PING that we didn't send counts as one.
   */
  PING("ping", 100),
  /**
   * PRIORITY or PRIORITY_UPDATE, beyond 50 for each stream and 50 more. Browsers send one for a
   * stream and one whenever something comes into view; Firefox once sent six first.
   */
  PRIORITY("priority", 100),
  /**
   * An update of a window beyond ten for each DATA frame that was sent, two for each stream and 100
   * more. Most send two for a frame at most: of the stream and of the connection. Go's client sends
   * both for each 4 KiB that its user reads, eight for a frame of ours (golang.org/x/net/http2,
   * {@code inflowMinRefresh}). Also who rations us byte by byte waits for each. Who doesn't wait
   * has the grants of one read answered by one frame.
   */
  WINDOW_UPDATE("window_update", 20),
  /**
   * A frame of an unknown kind, beyond two for each stream and ten more. Some browsers send one for
   * a stream, so that servers don't forget to ignore them (RFC 9113 4.1, 5.5).
   */
  UNKNOWN_FRAME("unknown_frame", 100),
  /**
   * A frame of a stream that is over. They cross with our reset: of a client that sends small
   * messages, a whole window of them, some thousands.
   */
  LATE_FRAME("late_frame", 1),
  /**
   * More streams than the client was told it may have, beyond 128. A client that doesn't know our
   * SETTINGS yet begins with about 100; they are refused and it asks again.
   */
  TOO_MANY_STREAMS("too_many_streams", 100),
  /** GOAWAY beyond two: a client sends one or two in its life. */
  GOAWAY("goaway", 500),
  /**
   * A stream opened when the client knows that no more are served, beyond as many as it may have
   * open: those may have been on their way.
   */
  AFTER_GOAWAY("after_goaway", 100),
  /**
   * A stream that was given up because the client took nothing of its reply for the send timeout. A
   * paused video is one, a browser full of tabs has some; as many as may be open are allowed once
   * in ten seconds, because the time that they took is the price.
   */
  STALLED("stalled", 50),
  /**
   * The client made us answer 500 frames without taking an answer. Whoever reads takes them within
   * a round trip; it ends the connection (hardening.md 1.2).
   */
  ANSWERS_UNREAD("answers_unread", Offence.BUDGET);

  /** Points that a connection may spend in ten seconds. */
  public static final int BUDGET = 10_000;

  private final String label;
  private final int points;

  Offence(String label, int points) {
    this.label = label;
    this.points = points;
  }

  /** As metrics and log lines name it. */
  public String label() {
    return label;
  }

  /** What it costs, of {@link AbuseBudget#LIMIT}. */
  public int points() {
    return points;
  }

  /** Whether work that was begun for a request is thrown away by it. */
  public boolean cancels() {
    return this == RESET_BY_CLIENT || this == RESET_BY_US;
  }
}
