package dev.weir.dataplane.filter;

import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.ProxySettings;
import dev.weir.dataplane.model.Route;

/** A request as filters see it; valid on the exchange's loop until the exchange ends. */
public interface FilterRequest {
  RequestHead head();

  /** Changes of what goes upstream. */
  HeadEdits edits();

  Route route();

  /** Settings of the table that this request is served by. */
  ProxySettings settings();

  /** {@code http} or {@code https}: how the client speaks to us. */
  String scheme();

  /** The client's IP address as text. */
  String clientAddress();

  /** The port that the client connected to. */
  int port();

  /** The port where this proxy serves HTTPS; 443 if it doesn't. */
  int httpsPort();

  /** From here on a body of more than {@code bytes} is answered 413. */
  void limitBody(long bytes);
}
