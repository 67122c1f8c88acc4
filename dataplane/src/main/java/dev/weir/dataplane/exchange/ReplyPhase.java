package dev.weir.dataplane.exchange;

import dev.weir.dataplane.filter.BodyFilter;
import dev.weir.dataplane.filter.BodyTransform;
import dev.weir.dataplane.filter.ErrorFilter;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.filter.RouteFilter;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Those of a route's filters that act on replies. Immutable.
 *
 * @param heads change heads
 * @param errors may send something else
 * @param bodies may change bodies
 */
public record ReplyPhase(
    List<ReplyFilter> heads, List<ErrorFilter> errors, List<BodyFilter> bodies) {
  private static final HeadEdits NO_EDITS = new HeadEdits();

  public ReplyPhase {
    heads = List.copyOf(heads);
    errors = List.copyOf(errors);
    bodies = List.copyOf(bodies);
  }

  /** Picks them out of all filters, whose order stays. */
  static ReplyPhase of(List<RouteFilter> filters) {
    return new ReplyPhase(
        only(ReplyFilter.class, filters),
        only(ErrorFilter.class, filters),
        only(BodyFilter.class, filters));
  }

  private static <T> List<T> only(Class<T> kind, List<RouteFilter> filters) {
    return filters.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /**
   * How the head of an upstream's reply is changed.
   *
   * @param instead in whose place it is sent; null for none
   */
  HeadEdits editsOf(FilterRequest request, ReplyHead reply, @Nullable LocalReply instead) {
    if (instead == null && heads.isEmpty()) {
      return NO_EDITS;
    }
    var edits = new HeadEdits();
    if (instead != null) {
      instead.putFields(edits);
    }
    edit(request, reply, edits);
    return edits;
  }

  void edit(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    for (int i = 0; i < heads.size(); i++) {
      heads.get(i).onReply(request, reply, edits);
    }
  }

  ErrorFilter.@Nullable Substitute substitute(FilterRequest request, int status, boolean own) {
    for (int i = 0; i < errors.size(); i++) {
      var substitute = errors.get(i).onStatus(request, status, own);
      if (substitute != null) {
        return substitute;
      }
    }
    return null;
  }

  @Nullable BodyTransform transform(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    for (int i = 0; i < bodies.size(); i++) {
      var transform = bodies.get(i).transform(request, reply, edits);
      if (transform != null) {
        return transform;
      }
    }
    return null;
  }

  /** The head of a reply whose body is changed on its way. */
  record Unmeasured(ReplyHead reply) implements ReplyHead {
    @Override
    public int status() {
      return reply.status();
    }

    @Override
    public String reason() {
      return reply.reason();
    }

    @Override
    public Fields fields() {
      return reply.fields();
    }

    @Override
    public long bodyLength() {
      return RequestHead.UNKNOWN_LENGTH;
    }
  }
}
