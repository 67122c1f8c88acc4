package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamSource;
import java.util.List;

/** Answers that a route's action gives, at their place among the filters. */
sealed interface OwnAnswer extends RouteFilter {
  /** How soon a client may ask again where there was no endpoint, in seconds. */
  String RETRY_AFTER = "5";

  /** Always the same: a refused route, a missing Service, the built-in default backend. */
  record Always(FilterPhase phase, LocalReply reply) implements OwnAnswer {
    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return new FilterOutcome.Reply(reply);
    }
  }

  /** A redirect that is the route. */
  record Redirect(RouteAction.Redirect action) implements OwnAnswer {
    @Override
    public FilterPhase phase() {
      return FilterPhase.SLASH_REDIRECT;
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      var location = request.evaluate(action.location());
      return new FilterOutcome.Reply(LocalReply.redirect(action.status(), location));
    }
  }

  /** An answer while no upstream of the route has an endpoint. */
  record NoEndpoints(
      List<UpstreamId> upstreams, StreamSource streams, FilterPhase phase, LocalReply reply)
      implements OwnAnswer {
    /** 503 if none of them has one. */
    static NoEndpoints unavailable(List<UpstreamId> upstreams, StreamSource streams) {
      return new NoEndpoints(
          upstreams,
          streams,
          FilterPhase.NO_ENDPOINTS,
          LocalReply.page(503).with("retry-after", RETRY_AFTER));
    }

    /** 404, as the built-in default backend, in whose place the upstream stands, would. */
    static NoEndpoints notFound(UpstreamId upstream, StreamSource streams) {
      return new NoEndpoints(List.of(upstream), streams, FilterPhase.BACKEND, LocalReply.page(404));
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      for (int i = 0; i < upstreams.size(); i++) {
        if (streams.hasEndpoints(upstreams.get(i))) {
          return FilterOutcome.Continue.CONTINUE;
        }
      }
      return new FilterOutcome.Reply(reply);
    }
  }
}
