package dev.weir.dataplane.http;

import java.nio.charset.StandardCharsets;

/**
 * The fields that tell an upstream about the client and are the same for every request of a
 * connection, made once as the bytes that are sent (ingress-nginx.md 4.7). With them goes {@code
 * X-Forwarded-Host}, which is the request's authority. Immutable.
 */
public final class ClientFields {
  private static final long NAMES =
      FieldName.bits(
          FieldName.X_REAL_IP,
          FieldName.X_FORWARDED_FOR,
          FieldName.X_FORWARDED_HOST,
          FieldName.X_FORWARDED_PORT,
          FieldName.X_FORWARDED_PROTO,
          FieldName.X_FORWARDED_SCHEME,
          FieldName.X_SCHEME);

  private final byte[] lines;

  private ClientFields(byte[] lines) {
    this.lines = lines;
  }

  /**
   * Makes the lines.
   *
   * @param address the client's IP address
   * @param port what upstreams are told
   * @param scheme how the client speaks
   */
  public static ClientFields of(String address, int port, String scheme) {
    var text = new StringBuilder(192);
    line(text, FieldName.X_REAL_IP, address);
    line(text, FieldName.X_FORWARDED_FOR, address);
    line(text, FieldName.X_FORWARDED_PORT, Integer.toString(port));
    line(text, FieldName.X_FORWARDED_PROTO, scheme);
    line(text, FieldName.X_FORWARDED_SCHEME, scheme);
    line(text, FieldName.X_SCHEME, scheme);
    return new ClientFields(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static void line(StringBuilder text, FieldName name, String value) {
    text.append(name.text()).append(": ").append(value).append("\r\n");
  }

  /** The bits of the names that received fields and edits lose to these. */
  public static long names() {
    return NAMES;
  }

  /** The lines, each with its end. Not to be changed. */
  public byte[] lines() {
    return lines;
  }
}
