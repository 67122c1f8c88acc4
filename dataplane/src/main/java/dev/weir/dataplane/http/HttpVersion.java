package dev.weir.dataplane.http;

/** The version that a peer speaks. */
public enum HttpVersion {
  HTTP_1_0("HTTP/1.0"),
  HTTP_1_1("HTTP/1.1"),
  HTTP_2("HTTP/2.0");

  private final String text;

  HttpVersion(String text) {
    this.text = text;
  }

  /** As in an access log. */
  public String text() {
    return text;
  }
}
