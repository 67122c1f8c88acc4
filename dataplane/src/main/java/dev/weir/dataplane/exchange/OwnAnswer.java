package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.model.RouteAction;
import dev.weir.dataplane.model.UpstreamId;
import dev.weir.dataplane.upstream.StreamSource;

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
      var location = TemplateText.of(action.location(), request);
      return new FilterOutcome.Reply(LocalReply.redirect(action.status(), location));
    }
  }

  /** An answer while the upstream has no endpoint. */
  record NoEndpoints(UpstreamId upstream, StreamSource streams, FilterPhase phase, LocalReply reply)
      implements OwnAnswer {
    /** 503. */
    static NoEndpoints unavailable(UpstreamId upstream, StreamSource streams) {
      return new NoEndpoints(
          upstream,
          streams,
          FilterPhase.NO_ENDPOINTS,
          LocalReply.page(503).with("retry-after", RETRY_AFTER));
    }

    /** 404, as the built-in default backend, in whose place the upstream stands, would. */
    static NoEndpoints notFound(UpstreamId upstream, StreamSource streams) {
      return new NoEndpoints(upstream, streams, FilterPhase.BACKEND, LocalReply.page(404));
    }

    @Override
    public FilterOutcome onRequest(FilterRequest request) {
      return streams.hasEndpoints(upstream)
          ? FilterOutcome.Continue.CONTINUE
          : new FilterOutcome.Reply(reply);
    }
  }
}
