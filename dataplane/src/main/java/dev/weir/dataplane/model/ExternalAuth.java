package dev.weir.dataplane.model;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A service that is asked before each request.
 *
 * @param scope whose answers are cached together
 * @param signIn where a request that gets 401 is redirected to, complete; null for nowhere
 * @param caching null if every request asks
 */
public record ExternalAuth(
    RouteId scope,
    Question question,
    Answer answer,
    @Nullable Template signIn,
    @Nullable Caching caching)
    implements FilterSettings {

  /**
   * How it is asked.
   *
   * @param url beginning with {@code http://} or {@code https://}
   * @param redirect what {@code X-Auth-Request-Redirect} says
   * @param fields set besides the usual ones; names are lower-case
   * @param keepalive null for as to all others
   */
  public record Question(
      Template url,
      String method,
      Template redirect,
      List<Field> fields,
      ProxySettings.@Nullable Keepalive keepalive) {
    public Question {
      fields = List.copyOf(fields);
    }
  }

  /** A field of the question. */
  public record Field(String name, Template value) {}

  /**
   * What is done with its answer.
   *
   * @param upstreamFields names (lower-case) of fields that are copied to the request, in the place
   *     of the client's
   * @param alwaysSetCookie whether its cookies go with replies of any status
   */
  public record Answer(List<String> upstreamFields, boolean alwaysSetCookie) {
    public Answer {
      upstreamFields = List.copyOf(upstreamFields);
    }
  }

  /** Which answers are kept; the first lifetime that names the status counts. */
  public record Caching(Template key, List<Lifetime> lifetimes) {
    public Caching {
      lifetimes = List.copyOf(lifetimes);
    }

    /** How long an answer of that status is kept; null if it isn't. */
    public @Nullable Duration lifetime(int status) {
      for (var lifetime : lifetimes) {
        if (lifetime.statuses().contains(status)) {
          return lifetime.duration();
        }
      }
      return null;
    }
  }

  /** How long answers of some statuses are kept. */
  public record Lifetime(Set<Integer> statuses, Duration duration) {
    public Lifetime {
      statuses = Set.copyOf(statuses);
    }

    /** As users write it, in the order of statuses: {@code 200 401 300s}. */
    @Override
    public String toString() {
      var text = new StringBuilder();
      statuses.stream().sorted().forEach(status -> text.append(status).append(' '));
      return text.append(duration.toSeconds()).append('s').toString();
    }
  }

  @Override
  public String text() {
    return "external-auth "
        + (question.method().equals("GET") ? "" : question.method() + " ")
        + question.url().text()
        + (signIn == null ? "" : " sign-in " + signIn.text())
        + (caching == null ? "" : " cached by " + caching.key().text());
  }
}
