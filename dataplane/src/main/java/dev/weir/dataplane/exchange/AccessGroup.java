package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.AccessFilter;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.RouteFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The access checks of a route as one filter: all must pass, or with {@code satisfy: any} the first
 * that passes is enough. Where none passes, a 401 is given before a 403, because the client can do
 * something about it; any other answer of a check means that it can't decide, and is final (nginx's
 * access phase). Immutable.
 */
record AccessGroup(List<RouteFilter> checks, boolean any) implements RouteFilter {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  AccessGroup {
    checks = List.copyOf(checks);
  }

  /** The filters with those of the access phases made one, where they are more than a list. */
  static List<RouteFilter> gather(List<RouteFilter> sorted, boolean any) {
    var checks = sorted.stream().filter(AccessGroup::isCheck).toList();
    if (checks.size() < 2 && checks.stream().noneMatch(AccessFilter.class::isInstance)) {
      return sorted;
    }
    var gathered = new ArrayList<RouteFilter>();
    for (var filter : sorted) {
      if (!isCheck(filter)) {
        gathered.add(filter);
      } else if (gathered.stream().noneMatch(AccessGroup.class::isInstance)) {
        gathered.add(new AccessGroup(checks, any));
      }
    }
    return gathered;
  }

  private static boolean isCheck(RouteFilter filter) {
    return switch (filter.phase()) {
      case ADDRESS_ACCESS, BASIC_AUTH, EXTERNAL_AUTH -> true;
      case HOST,
          SLASH_REDIRECT,
          BODY_SIZE,
          DENIED,
          CORS_PREFLIGHT,
          REDIRECT,
          SSL_REDIRECT,
          NO_ENDPOINTS,
          REQUEST_LIMIT,
          CONNECTION_LIMIT,
          MIRROR,
          REWRITE,
          BACKEND ->
          false;
    };
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.ADDRESS_ACCESS;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    return new Run(this, request).go();
  }

  /** One request's way through the group. Owned by the exchange's event loop. */
  private static final class Run {
    private final AccessGroup group;
    private final FilterRequest request;
    private int next;
    private @Nullable LocalReply denial;

    Run(AccessGroup group, FilterRequest request) {
      this.group = group;
      this.request = request;
    }

    FilterOutcome go() {
      while (next < group.checks.size()) {
        var outcome = group.checks.get(next++).onRequest(request);
        if (outcome instanceof FilterOutcome.Await(var check)) {
          return new FilterOutcome.Await(decided -> check.start(goOn(decided)));
        }
        var end = weigh(outcome);
        if (end != null) {
          return end;
        }
      }
      var denied = denial;
      return denied == null ? FilterOutcome.Continue.CONTINUE : deny(denied);
    }

    /** The rest of the group needs the loop, which only another check is started on. */
    private Consumer<FilterOutcome> goOn(Consumer<FilterOutcome> decided) {
      return outcome ->
          decided.accept(
              new FilterOutcome.Await(
                  again -> {
                    var end = outcome instanceof FilterOutcome.Await ? outcome : weigh(outcome);
                    again.accept(end == null ? go() : end);
                    return () -> {};
                  }));
    }

    /** What the group answers after a check's answer; null if the next check is asked. */
    private @Nullable FilterOutcome weigh(FilterOutcome outcome) {
      if (outcome instanceof FilterOutcome.Reply(var reply)) {
        boolean decides = reply.status() == UNAUTHORIZED || reply.status() == FORBIDDEN;
        if (!group.any || !decides) {
          return deny(reply);
        }
        if (denial == null || denial.status() != UNAUTHORIZED) {
          denial = reply;
        }
        return null;
      }
      if (!group.any) {
        return null;
      }
      passOverOthers();
      return FilterOutcome.Continue.CONTINUE;
    }

    private void passOverOthers() {
      for (int i = 0; i < group.checks.size(); i++) {
        if (i != next - 1 && group.checks.get(i) instanceof AccessFilter filter) {
          filter.onPassedOver(request);
        }
      }
    }

    private FilterOutcome deny(LocalReply reply) {
      var last = reply;
      if (reply.status() == UNAUTHORIZED) {
        for (var check : group.checks) {
          if (check instanceof AccessFilter filter) {
            last = filter.onUnauthorized(request, last);
          }
        }
      }
      return new FilterOutcome.Reply(last);
    }
  }
}
