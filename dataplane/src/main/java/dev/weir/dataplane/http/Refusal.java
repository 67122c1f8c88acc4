package dev.weir.dataplane.http;

import org.jspecify.annotations.Nullable;

/**
 * Why a message is not accepted. The connection that it came by is closed after the answer, and
 * nothing of it goes upstream.
 *
 * @param status what the client is answered
 * @param detail for the log, never for a client
 * @param page a sentence for the client, below the status; null for none
 */
public record Refusal(int status, String detail, @Nullable String page) {
  /** Of a client that does not speak TLS where it must (nginx's sentence). */
  public static final Refusal PLAIN_HTTP =
      new Refusal(400, "plain HTTP on a TLS port", "The plain HTTP request was sent to HTTPS port");

  /** One that tells the client no more than the status. */
  public Refusal(int status, String detail) {
    this(status, detail, null);
  }
}
