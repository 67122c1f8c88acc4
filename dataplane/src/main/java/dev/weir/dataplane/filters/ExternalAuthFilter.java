package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.AccessFilter;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.filter.ReplyFilter;
import dev.weir.dataplane.filter.RequestKey;
import dev.weir.dataplane.filter.SubRequest;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.ReplyHead;
import dev.weir.dataplane.model.ExternalAuth;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a service whether a request may pass, before it does (ingress-nginx's external
 * authentication, which is nginx's auth_request): 2xx lets it pass, 401 and 403 are given to the
 * client, everything else, no answer too, is 500. Nothing is sent upstream before the answer.
 *
 * <p>The reply to the client carries all cookies of the answer if its status is one of a success or
 * a redirect, or if they are wanted always. A 401 of any access check of the route becomes a
 * redirect to the sign-in page if there is one.
 */
final class ExternalAuthFilter implements AccessFilter, ReplyFilter {
  private static final FilterOutcome CANNOT_ASK = new FilterOutcome.Reply(LocalReply.page(500));

  private final RequestKey<List<String>> cookies = new RequestKey<>();
  private final byte[] salt = AuthCache.newSalt();
  private final ExternalAuth settings;
  private final AuthQuestion question;
  private final AuthCache cache;

  ExternalAuthFilter(ExternalAuth settings, FilterServices services) {
    this.settings = settings;
    this.question = new AuthQuestion(settings.question());
    this.cache = AuthCache.shared(services);
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.EXTERNAL_AUTH;
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    byte[] key = key(request);
    var kept = key == null ? null : cache.find(key);
    return kept == null
        ? new FilterOutcome.Await(decided -> ask(request, key, decided))
        : answer(request, kept);
  }

  private byte @Nullable [] key(FilterRequest request) {
    var caching = settings.caching();
    if (caching == null) {
      return null;
    }
    var value = request.evaluate(caching.key());
    // Services that differ by request must not answer for each other.
    return cache.key(salt, value + "\n" + question.variableUrl(request));
  }

  private FilterOutcome.Handle ask(
      FilterRequest request, byte @Nullable [] key, Consumer<FilterOutcome> decided) {
    SubRequest asked;
    try {
      asked = question.about(request);
    } catch (IllegalArgumentException e) {
      // A variable made something of the URL that is none.
      decided.accept(CANNOT_ASK);
      return () -> {};
    }
    return request.send(
        asked,
        new SubRequest.Listener() {
          @Override
          public void onReply(ReplyHead reply) {
            var heard = AuthReply.of(reply, settings.answer());
            keep(key, reply, heard);
            decided.accept(answer(request, heard));
          }

          @Override
          public void onFailure(String why) {
            decided.accept(CANNOT_ASK);
          }
        });
  }

  private void keep(byte @Nullable [] key, ReplyHead reply, AuthReply heard) {
    var caching = settings.caching();
    if (key != null && caching != null) {
      long nanos = AuthLifetime.nanos(reply, caching);
      if (nanos > 0) {
        cache.keep(key, heard, nanos);
      }
    }
  }

  private FilterOutcome answer(FilterRequest request, AuthReply heard) {
    if (!heard.cookies().isEmpty()) {
      request.keep(cookies, heard.cookies());
    }
    if (heard.passes()) {
      for (var edit : heard.upstreamFields()) {
        var value = edit.value();
        if (value == null) {
          request.edits().remove(edit.name());
        } else {
          request.edits().set(edit.name(), value);
        }
      }
      return FilterOutcome.Continue.CONTINUE;
    }
    return switch (heard.status()) {
      case 401 -> new FilterOutcome.Reply(challenge(heard));
      case 403 -> new FilterOutcome.Reply(LocalReply.page(403));
      default -> CANNOT_ASK;
    };
  }

  private static LocalReply challenge(AuthReply heard) {
    var fields = new ArrayList<HeadEdits.Edit>();
    for (var challenge : heard.challenges()) {
      fields.add(new HeadEdits.Edit("www-authenticate", challenge, false));
    }
    return new LocalReply(401, fields, LocalReply.Body.STATUS_PAGE, false);
  }

  @Override
  public LocalReply onUnauthorized(FilterRequest request, LocalReply reply) {
    var signIn = settings.signIn();
    return signIn == null ? reply : LocalReply.redirect(302, request.evaluate(signIn));
  }

  @Override
  public void onPassedOver(FilterRequest request) {
    for (var name : settings.answer().upstreamFields()) {
      request.edits().remove(name);
    }
  }

  @Override
  public void onReply(FilterRequest request, ReplyHead reply, HeadEdits edits) {
    var values = request.kept(cookies);
    if (values != null && (settings.answer().alwaysSetCookie() || carriesCookies(reply.status()))) {
      for (var value : values) {
        edits.add("set-cookie", value);
      }
    }
  }

  /** The statuses that nginx's add_header knows. */
  private static boolean carriesCookies(int status) {
    return switch (status) {
      case 200, 201, 204, 206, 301, 302, 303, 304, 307, 308 -> true;
      default -> false;
    };
  }
}
