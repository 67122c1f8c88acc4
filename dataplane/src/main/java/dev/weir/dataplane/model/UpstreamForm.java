package dev.weir.dataplane.model;

import dev.weir.dataplane.http.RequestForm;
import dev.weir.dataplane.http.RequestForm.Connection;

/** Requests to the upstream have another form than usual (ingress-nginx.md 1.3, 80 and 85). */
public record UpstreamForm(RequestForm form) implements FilterSettings {
  /**
   * A form.
   *
   * @param connection {@code close}, {@code keep-alive}, or empty for the usual
   */
  public static UpstreamForm of(boolean http10, String connection) {
    return new UpstreamForm(
        new RequestForm(
            http10,
            switch (connection) {
              case "" -> Connection.USUAL;
              case "close" -> Connection.CLOSE;
              case "keep-alive" -> Connection.KEEP_ALIVE;
              default -> throw new IllegalArgumentException(connection);
            }));
  }

  /** Whether it is as usual. */
  public boolean isUsual() {
    return form.equals(RequestForm.USUAL);
  }

  @Override
  public String text() {
    return "upstream http/"
        + (form.http10() ? "1.0" : "1.1")
        + switch (form.connection()) {
          case USUAL -> "";
          case CLOSE -> " connection close";
          case KEEP_ALIVE -> " connection keep-alive";
        };
  }
}
