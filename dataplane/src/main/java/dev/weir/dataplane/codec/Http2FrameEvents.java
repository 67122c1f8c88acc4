package dev.weir.dataplane.codec;

import dev.weir.dataplane.telemetry.AbuseReports;
import dev.weir.dataplane.telemetry.Offence;
import io.netty.handler.codec.http2.Http2Error;

/**
 * The one place that everything passes which a client of HTTP/2 may do too often: every frame that
 * it sends, when its head is read and before its payload is there, and every other {@link Offence}.
 * Both calls may end the connection, because both come from inside of the reading of a frame,
 * before anything was done about it.
 *
 * <p>What a client that means well sends in proportion to what is going on is free in that
 * proportion: counts of frames that were sent and streams that were opened stand against counts of
 * what the client sent, for the whole life of the connection. {@link Offence} gives the figures.
 *
 * <p>Owned by the connection's event loop.
 */
final class Http2FrameEvents {
  /** CONTINUATION frames of one head (hardening.md 1.2). */
  static final int MOST_CONTINUATIONS = 8;

  /** Frames that we answered with and that the client didn't take (hardening.md 1.2). */
  static final int MOST_UNREAD = 500;

  private static final int PRIORITY_UPDATE = 0x10;
  private static final int PRIORITIES_PER_STREAM = 50;
  private static final int UPDATES_PER_STREAM = 2;
  private static final int UPDATES_PER_DATA = 10;
  private static final int FREE_UPDATES = 100;
  private static final int UNKNOWN_PER_STREAM = 2;
  private static final int FREE_UNKNOWN = 10;
  private static final int FREE_REFUSED = 128;

  /** PINGs that may be saved up. */
  private static final int MOST_FREE_PINGS = 100;

  /** What a connection may send in its life without being charged. */
  private static final int FREE_SETTINGS = 10;

  private static final int FREE_GOAWAYS = 2;
  private static final int FREE_RESIZES = 2;

  private static final int TINY = 5;
  private static final int SETTINGS_FOR_ONE = 16 * Http2Settings.SIZE;

  /** Empty DATA frames running. */
  private static final int EMPTY_RUN = 2;

  private final AbuseBudget budget;
  private final AbuseReports reports;
  private final Client client;
  private int continuations;
  private int emptyRun;
  private int freePings;
  private int pingsSent;
  private int settingsSent;
  private long streams;
  private long dataSent;
  private long priorities;
  private long updates;
  private long unknown;
  private long refused;
  private long afterGoAway;
  private int freeSettings = FREE_SETTINGS;
  private int freeGoAways = FREE_GOAWAYS;
  private int freeResizes = FREE_RESIZES;

  /** Whose frames they are. */
  interface Client {
    /** The address, for the log. */
    String address();

    /** Asks it to go on with another connection. */
    void askToLeave();

    /** Frames that it was answered with and didn't take. */
    int unreadAnswers();
  }

  Http2FrameEvents(AbuseBudget budget, AbuseReports reports, Client client) {
    this.budget = budget;
    this.reports = reports;
    this.client = client;
  }

  /**
   * The head of a frame was read.
   *
   * @param type of {@link Http2Frame}, or an unknown one
   * @param length of the payload
   */
  void frame(int type, int flags, int length) throws Http2Fault {
    if (client.unreadAnswers() > MOST_UNREAD) {
      oddity(Offence.ANSWERS_UNREAD);
    }
    if (type != Http2Frame.CONTINUATION) {
      continuations = 0;
    }
    boolean marked = (flags & Http2Frame.ACK) != 0;
    switch (type) {
      case Http2Frame.DATA -> data(length, marked);
      case Http2Frame.HEADERS, Http2Frame.RST_STREAM, Http2Frame.PUSH_PROMISE -> {
        // What they bring about is told when it is known.
      }
      case Http2Frame.CONTINUATION ->
          chargeIf(++continuations > MOST_CONTINUATIONS, Offence.CONTINUATION);
      case Http2Frame.PRIORITY, PRIORITY_UPDATE ->
          chargeIf(++priorities > PRIORITIES_PER_STREAM * (streams + 1), Offence.PRIORITY);
      case Http2Frame.SETTINGS -> settings(length, marked);
      case Http2Frame.PING -> ping(marked);
      case Http2Frame.GOAWAY -> chargeIf(--freeGoAways < 0, Offence.GOAWAY);
      case Http2Frame.WINDOW_UPDATE -> {
        long free = FREE_UPDATES + UPDATES_PER_STREAM * streams + UPDATES_PER_DATA * dataSent;
        chargeIf(++updates > free, Offence.WINDOW_UPDATE);
      }
      default ->
          chargeIf(++unknown > FREE_UNKNOWN + UNKNOWN_PER_STREAM * streams, Offence.UNKNOWN_FRAME);
    }
  }

  private void data(int length, boolean end) throws Http2Fault {
    if (end || length >= TINY) {
      emptyRun = 0;
    } else if (length > 0) {
      emptyRun = 0;
      oddity(Offence.TINY_DATA);
    } else {
      oddity(++emptyRun > EMPTY_RUN ? Offence.EMPTY_DATA_AGAIN : Offence.EMPTY_DATA);
    }
  }

  private void settings(int length, boolean ack) throws Http2Fault {
    if (!ack) {
      settings(1 + length / SETTINGS_FOR_ONE);
    } else if (settingsSent > 0) {
      settingsSent--;
    } else {
      oddity(Offence.SETTINGS);
    }
  }

  private void settings(int count) throws Http2Fault {
    int charged = Math.max(0, count - freeSettings);
    freeSettings -= count - charged;
    if (charged > 0) {
      charge(Offence.SETTINGS, charged);
    }
  }

  /** A head begins with so many changes of the size of the table of fields. */
  void resizes(int count) throws Http2Fault {
    int charged = Math.max(0, count - freeResizes);
    freeResizes -= count - charged;
    if (charged > 0) {
      charge(Offence.TABLE_RESIZE, charged);
    }
  }

  private void ping(boolean ack) throws Http2Fault {
    if (ack && pingsSent > 0) {
      pingsSent--;
    } else if (!ack && freePings > 0) {
      freePings--;
    } else {
      oddity(Offence.PING);
    }
  }

  private void chargeIf(boolean tooMany, Offence what) throws Http2Fault {
    if (tooMany) {
      oddity(what);
    }
  }

  /** The client opened a stream that is served. */
  void opened() {
    streams++;
    freePings = Math.min(MOST_FREE_PINGS, freePings + 1);
    budget.opened();
  }

  /** A stream was refused because there are too many. */
  void refused() throws Http2Fault {
    chargeIf(++refused > FREE_REFUSED, Offence.TOO_MANY_STREAMS);
  }

  /**
   * A stream was opened that isn't served any more.
   *
   * @param allowed how many the client may have opened before it heard of that
   */
  void afterGoAway(int allowed) throws Http2Fault {
    chargeIf(++afterGoAway > allowed, Offence.AFTER_GOAWAY);
  }

  /** DATA was sent. */
  void dataSent() {
    dataSent++;
    freePings = Math.min(MOST_FREE_PINGS, freePings + 1);
  }

  /** SETTINGS were sent, which the client has to acknowledge. */
  void settingsSent() {
    settingsSent++;
  }

  /** A PING was sent, which the client has to answer. */
  void pingSent() {
    pingsSent++;
  }

  /** Something was done that is not to be done often. */
  void oddity(Offence what) throws Http2Fault {
    charge(what, 1);
  }

  /** The same, so often at once. */
  void charge(Offence what, int times) throws Http2Fault {
    reports.charged(what, times);
    switch (budget.charge(what, times)) {
      case GO_ON -> {}
      case LEAVE -> {
        reports.leaves(what, client.address());
        client.askToLeave();
      }
      case END -> {
        reports.ends(what, client.address());
        throw new Http2Fault(Http2Error.ENHANCE_YOUR_CALM, "too often: " + what.label());
      }
    }
  }

  /** Whether one more request may be sent to a backend, with so many in flight. */
  boolean admits(int inFlight) {
    return budget.admits(inFlight);
  }
}
