package dev.weir.dataplane.http;

/**
 * How a request is written, besides its fields.
 *
 * @param http10 whether its line says HTTP/1.0: its connection ends with it, and nothing in it is
 *     chunked or upgraded
 * @param connection what {@code Connection} says
 */
public record RequestForm(boolean http10, Connection connection) {
  /** As the connection's pool and the client's wish to upgrade make it. */
  public static final RequestForm USUAL = new RequestForm(false, Connection.USUAL);

  /** What {@code Connection} says. */
  public enum Connection {
    /** {@code upgrade} for a client that wants it, {@code close} before the end, else nothing. */
    USUAL,
    KEEP_ALIVE,
    CLOSE
  }

  /** Whether the upstream may be asked to upgrade. */
  public boolean upgrades() {
    return !http10 && connection == Connection.USUAL;
  }

  /** Whether the connection ends with this request. */
  public boolean last() {
    return http10 || connection == Connection.CLOSE;
  }
}
