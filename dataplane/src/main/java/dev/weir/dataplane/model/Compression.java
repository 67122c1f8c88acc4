package dev.weir.dataplane.model;

import org.jspecify.annotations.Nullable;

/**
 * Replies of upstreams are compressed for clients that take it (ingress-nginx.md section 2, rows 70
 * to 75). Lists are kept as written: they are on every route, and so they are in memory once.
 *
 * @param gzip null for not at all
 * @param brotli null for not at all; goes before gzip where a client takes both as gladly
 */
public record Compression(@Nullable Gzip gzip, @Nullable Brotli brotli) implements FilterSettings {

  /**
   * With gzip.
   *
   * @param level 1 to 9
   * @param minLength bytes; replies of which fewer are announced stay as they are
   * @param types for {@link MediaTypes}
   * @param disabledFor expression for user agents that get no gzip, {@code msie6} for nginx's own;
   *     empty for none
   */
  public record Gzip(int level, long minLength, String types, String disabledFor) {}

  /**
   * With brotli.
   *
   * @param level 0 to 11
   * @param minLength bytes; replies of which fewer are announced stay as they are
   * @param types for {@link MediaTypes}
   */
  public record Brotli(int level, long minLength, String types) {}

  @Override
  public String text() {
    var byGzip = gzip == null ? "" : " gzip " + gzip.level + " from " + gzip.minLength;
    var byBrotli = brotli == null ? "" : " br " + brotli.level + " from " + brotli.minLength;
    return "compress" + byGzip + byBrotli;
  }
}
