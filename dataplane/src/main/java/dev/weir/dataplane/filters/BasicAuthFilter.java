package dev.weir.dataplane.filters;

import dev.weir.dataplane.filter.AccessFilter;
import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterPhase;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.filter.FilterServices;
import dev.weir.dataplane.filter.LocalReply;
import dev.weir.dataplane.model.BasicAuth;
import dev.weir.dataplane.model.PasswordHash;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Asks for name and password. Names that nobody has cost the same work as others: their password is
 * compared with some other user's hash, always the same one for a name.
 */
final class BasicAuthFilter implements AccessFilter {
  private static final FilterOutcome BUSY = new FilterOutcome.Reply(LocalReply.page(503));

  private final Map<String, Optional<PasswordHash>> users;
  private final PasswordHash[] decoys;
  private final long seed = ThreadLocalRandom.current().nextLong();
  private final FilterOutcome unauthorized;
  private final PasswordVerifier verifier;

  BasicAuthFilter(BasicAuth settings, FilterServices services) {
    this(
        settings,
        services
            .shared()
            .of(
                PasswordVerifier.class,
                () -> new PasswordVerifier(services.background(), PasswordHashing.STANDARD)));
  }

  BasicAuthFilter(BasicAuth settings, PasswordVerifier verifier) {
    this.verifier = verifier;
    users = settings.users();
    decoys = users.values().stream().flatMap(Optional::stream).toArray(PasswordHash[]::new);
    var challenge = "Basic realm=\"" + escaped(settings.realm()) + "\"";
    unauthorized =
        new FilterOutcome.Reply(LocalReply.page(401).with("www-authenticate", challenge));
  }

  /** As a quoted string (RFC 9110 5.6.4). */
  private static String escaped(String realm) {
    return realm.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  @Override
  public FilterPhase phase() {
    return FilterPhase.BASIC_AUTH;
  }

  @Override
  public void onPassedOver(FilterRequest request) {
    request.edits().remove("authorization");
  }

  @Override
  public FilterOutcome onRequest(FilterRequest request) {
    request.edits().remove("authorization");
    var credentials = Credentials.of(request.head());
    var question = credentials == null ? null : question(credentials);
    if (question == null) {
      return unauthorized;
    }
    var pair = verifier.pair(question);
    var known = verifier.known(pair);
    if (known != null) {
      return known ? FilterOutcome.Continue.CONTINUE : unauthorized;
    }
    return new FilterOutcome.Await(
        decided -> verifier.verify(pair, question, verdict -> decided.accept(outcome(verdict))));
  }

  private FilterOutcome outcome(PasswordVerifier.Verdict verdict) {
    return switch (verdict) {
      case MATCHES -> FilterOutcome.Continue.CONTINUE;
      case DIFFERS -> unauthorized;
      case BUSY -> BUSY;
    };
  }

  /** Null if nobody can come in. */
  private PasswordVerifier.@Nullable Question question(Credentials credentials) {
    var hash = users.getOrDefault(credentials.user(), Optional.empty());
    if (hash.isPresent()) {
      return new PasswordVerifier.Question(
          credentials.user(), true, hash.get(), credentials.password());
    }
    if (decoys.length == 0) {
      return null;
    }
    int at = Math.floorMod(AddressTable.mix(credentials.user().hashCode() ^ seed), decoys.length);
    return new PasswordVerifier.Question(
        credentials.user(), false, decoys[at], credentials.password());
  }
}
