package dev.weir.dataplane.model;

/**
 * How large the head of an upstream's reply may be, where that is more than usual (ingress-nginx.md
 * 1.3, 76); above it 502.
 *
 * @param bytes more than 0
 */
public record ReplyHeadSize(int bytes) implements FilterSettings {
  @Override
  public String text() {
    return "reply-head " + (bytes % 1024 == 0 ? bytes / 1024 + "k" : Integer.toString(bytes));
  }
}
