package dev.weir.dataplane.filter;

/**
 * What a trace tells of a request that is over; the facts are those of ingress-nginx's module
 * (opentelemetry-cpp-contrib). Texts that nobody gave are empty. Immutable.
 */
public record RequestSpan(Ids ids, String name, Times times, Http http, Connection connection) {
  /** Under which a traced request keeps its ids. */
  public static final RequestKey<Ids> IDS = new RequestKey<>();

  /**
   * Where it stands in which trace.
   *
   * @param parentId 0 for the first span of a trace
   */
  public record Ids(long traceHigh, long traceLow, long spanId, long parentId) {}

  /**
   * When it was.
   *
   * @param startEpochNanos since 1970
   * @param nanos that it took
   */
  public record Times(long startEpochNanos, long nanos) {}

  /**
   * What was asked and answered.
   *
   * @param flavor {@code 1.0}, {@code 1.1}, {@code 2.0}
   */
  public record Http(
      String method, String flavor, String target, String host, String userAgent, int status) {}

  /**
   * Who asked whom.
   *
   * @param serverName the virtual host's pattern, {@code _} for the one that takes all others
   * @param peerPort 0 if it isn't known
   */
  public record Connection(
      String scheme, String serverName, int port, String peerAddress, int peerPort) {}
}
