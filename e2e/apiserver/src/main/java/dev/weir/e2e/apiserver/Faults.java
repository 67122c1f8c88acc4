package dev.weir.e2e.apiserver;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What goes wrong, for which requests and how often. The first rule that fits a request acts. */
public final class Faults {
  /** For all requests from now on. */
  public static final int ALWAYS = Integer.MAX_VALUE;

  sealed interface Action {
    record Answer(Reply reply) implements Action {}

    record Drop() implements Action {}

    /** The request is served when the gate opens; a gate that never opens is a stall. */
    record Hold(CountDownLatch gate) implements Action {}
  }

  private record Rule(Predicate<ApiRequest> which, Action action, AtomicInteger left) {}

  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  /** Requests of a verb and resource; an empty text stands for any. */
  public static Predicate<ApiRequest> on(String verb, String resource) {
    return request ->
        (verb.isEmpty() || request.verb().equals(verb))
            && (resource.isEmpty() || request.resource().equals(resource));
  }

  /** Answers with a status and a fitting {@code Status} object. */
  public void answer(Predicate<ApiRequest> which, int times, int code) {
    answer(which, times, code, Map.of());
  }

  /** Answers with a status and headers, for instance {@code Retry-After}. */
  public void answer(
      Predicate<ApiRequest> which, int times, int code, Map<String, String> headers) {
    var reason =
        switch (code) {
          case 401 -> "Unauthorized";
          case 403 -> "Forbidden";
          case 410 -> "Expired";
          case 429 -> "TooManyRequests";
          case 500 -> "InternalError";
          default -> "";
        };
    var body = Json.text(ApiError.status(code, reason, "fault " + code));
    add(which, times, new Action.Answer(new Reply(code, headers, body)));
  }

  /** Answers with bytes that need not be JSON. */
  public void answer(Predicate<ApiRequest> which, int times, int code, String body) {
    add(which, times, new Action.Answer(new Reply(code, Map.of(), body)));
  }

  /** Closes the connection without an answer. */
  public void drop(Predicate<ApiRequest> which, int times) {
    add(which, times, new Action.Drop());
  }

  /** Accepts the request and sends nothing until the returned gate is opened. */
  public CountDownLatch hold(Predicate<ApiRequest> which, int times) {
    var gate = new CountDownLatch(1);
    add(which, times, new Action.Hold(gate));
    return gate;
  }

  /** Removes all rules; requests that are held stay held. */
  public void clear() {
    rules.clear();
  }

  private void add(Predicate<ApiRequest> which, int times, Action action) {
    rules.add(new Rule(which, action, new AtomicInteger(times)));
  }

  @Nullable Action take(ApiRequest request) {
    for (var rule : rules) {
      if (rule.which().test(request) && takeOne(rule.left())) {
        return rule.action();
      }
    }
    return null;
  }

  private static boolean takeOne(AtomicInteger left) {
    int before = left.getAndUpdate(count -> count == ALWAYS || count == 0 ? count : count - 1);
    return before > 0;
  }
}
