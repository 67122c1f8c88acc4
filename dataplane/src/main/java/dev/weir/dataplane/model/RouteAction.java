package dev.weir.dataplane.model;

/** What a route does with a request that passed its filters. */
public sealed interface RouteAction {
  /**
   * Sends it to an upstream.
   *
   * @param otherwise what is answered while the upstream has no endpoint
   * @param scheme what is spoken to the upstream; what stands in for it is spoken to by HTTP
   */
  record Forward(UpstreamId upstream, Otherwise otherwise, UpstreamScheme scheme)
      implements RouteAction {
    /** By HTTP. */
    public Forward(UpstreamId upstream, Otherwise otherwise) {
      this(upstream, otherwise, new UpstreamScheme.Http());
    }

    /** To a Service that a user named: 503 while it has no endpoint. */
    public Forward(UpstreamId upstream) {
      this(upstream, Status.UNAVAILABLE);
    }
  }

  /** What stands in for an upstream without endpoints (ingress-nginx.md 4.6). */
  sealed interface Otherwise {}

  /** A reply of our own. */
  enum Status implements Otherwise {
    /** 503, where no-endpoints answers come. */
    UNAVAILABLE,
    /** The built-in default backend's 404, in the backend's place. */
    NOT_FOUND
  }

  /** The same request sent elsewhere ({@code default-backend}), and 503 if there is none either. */
  record StandIn(UpstreamId upstream) implements Otherwise {}

  /** Answers with a redirect; nothing of the route's filters runs before it. */
  record Redirect(int status, Template location) implements RouteAction {}

  /**
   * Answers by itself.
   *
   * @param reason for people: shown in {@code /debug/routes}, never to a client
   */
  record Respond(int status, When when, String reason) implements RouteAction {
    /** A refused route: 503 before everything else, so that it is never served open. */
    public static Respond denied(String reason) {
      return new Respond(503, When.DENIED, reason);
    }

    /** A route whose Service is missing: 503 after redirects, where no-endpoints answers come. */
    public static Respond noBackend(String reason) {
      return new Respond(503, When.NO_BACKEND, reason);
    }

    /** The built-in default backend. */
    public static Respond notFound() {
      return new Respond(404, When.BACKEND, "default backend");
    }
  }

  /** At which point of the order of checks an own answer comes (ingress-nginx.md 4.8). */
  enum When {
    /** With the denied locations, before redirects. */
    DENIED,
    /** Where no-endpoints answers come: after redirects, before limits and authentication. */
    NO_BACKEND,
    /** In the backend's place, after all filters. */
    BACKEND
  }
}
