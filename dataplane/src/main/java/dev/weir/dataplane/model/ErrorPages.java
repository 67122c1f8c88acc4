package dev.weir.dataplane.model;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replies with some statuses are replaced by those of a backend for errors.
 *
 * @param backend null for the built-in default backend, which answers 404
 * @param upstreamReplies whether replies of the route's own upstream are replaced, too, and not
 *     only those that the proxy makes
 */
public record ErrorPages(
    Set<Integer> statuses, @Nullable UpstreamId backend, boolean upstreamReplies)
    implements FilterSettings {
  public ErrorPages {
    statuses = Set.copyOf(statuses);
  }

  @Override
  public Set<UpstreamId> upstreams() {
    return backend == null ? Set.of() : Set.of(backend);
  }

  @Override
  public String text() {
    var codes =
        new TreeSet<>(statuses).stream().map(String::valueOf).collect(Collectors.joining(","));
    return "error-pages "
        + codes
        + (backend == null ? " as 404" : " from " + backend)
        + (upstreamReplies ? "" : " of the proxy's own replies only");
  }
}
