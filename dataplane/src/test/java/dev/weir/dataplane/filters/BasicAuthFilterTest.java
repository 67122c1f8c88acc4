package dev.weir.dataplane.filters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.dataplane.filter.FilterOutcome;
import dev.weir.dataplane.filter.FilterRequest;
import dev.weir.dataplane.http.Fields;
import dev.weir.dataplane.http.HeadEdits;
import dev.weir.dataplane.http.RequestHead;
import dev.weir.dataplane.model.BasicAuth;
import dev.weir.dataplane.model.PasswordHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicAuthFilterTest {
  private static final String BCRYPT =
      "$2y$04$abcdefghijklmnopqrstuuEnktNu4dNa/sMz6nY.lAbxawdTTajT2";

  private final List<PasswordHash> compared = new ArrayList<>();
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final PasswordVerifier verifier =
      new PasswordVerifier(
          tasks::add,
          (hash, password) -> {
            compared.add(hash);
            return PasswordHashing.STANDARD.matches(hash, password);
          });
  private final HeadEdits edits = new HeadEdits();

  private BasicAuthFilter filter(Map<String, String> users) {
    return filter("realm", users);
  }

  private BasicAuthFilter filter(String realm, Map<String, String> users) {
    var parsed = new HashMap<String, Optional<PasswordHash>>();
    users.forEach((user, hash) -> parsed.put(user, PasswordHash.parse(hash)));
    return new BasicAuthFilter(new BasicAuth(realm, parsed), verifier);
  }

  /** A request with that Authorization field; null for none. */
  private FilterRequest request(@Nullable String authorization) {
    var fields = Stub.of(Fields.class, (_, _, _) -> authorization);
    var head = Stub.of(RequestHead.class, (_, _, _) -> fields);
    return Stub.of(
        FilterRequest.class,
        (_, method, _) ->
            switch (method.getName()) {
              case "head" -> head;
              case "edits" -> edits;
              default -> throw new AssertionError(method.getName());
            });
  }

  private static String basic(String credentials) {
    return "Basic "
        + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
  }

  /** The status that the request is answered with in the end, 200 if it passes. */
  private int status(BasicAuthFilter filter, String authorization) {
    var outcome = filter.onRequest(request(authorization));
    if (outcome instanceof FilterOutcome.Await(var check)) {
      var decided = new ArrayList<FilterOutcome>();
      check.start(decided::add);
      runTasks();
      assertThat(decided).hasSize(1);
      outcome = decided.getFirst();
    }
    return status(outcome);
  }

  private static int status(FilterOutcome outcome) {
    return outcome instanceof FilterOutcome.Reply(var reply) ? reply.status() : 200;
  }

  private void runTasks() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  @Test
  void theRightPasswordPassesAndOthersGetTheChallenge() {
    var filter = filter(Map.of("foo", BCRYPT));
    assertThat(status(filter, basic("foo:bar"))).isEqualTo(200);
    assertThat(status(filter, basic("foo:baz"))).isEqualTo(401);
    assertThat(status(filter, basic("fop:bar"))).isEqualTo(401);
    assertThat(edits.replaces("authorization")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic", "Basic ", "Basic !", "Bearer Zm9vOmJhcg==", "Basic Zm9v"})
  void whatHoldsNoNameAndPasswordIsChallengedWithoutWork(String authorization) {
    assertThat(status(filter(Map.of("foo", BCRYPT)), authorization)).isEqualTo(401);
    assertThat(compared).isEmpty();
  }

  @Test
  void theSchemeIsReadInAnyCaseAndPaddingMayLack() {
    assertThat(status(filter(Map.of("foo", BCRYPT)), "bAsIc   Zm9vOmJhcg")).isEqualTo(200);
  }

  @Test
  void theRealmIsEscaped() {
    var filter = filter("a \"b\" \\c", Map.of("foo", BCRYPT));
    var outcome = (FilterOutcome.Reply) filter.onRequest(request(null));
    assertThat(outcome.reply().fields())
        .containsExactly(
            new HeadEdits.Edit("www-authenticate", "Basic realm=\"a \\\"b\\\" \\\\c\"", true));
  }

  @Test
  void aPairIsComparedOnceHoweverOftenItComes() {
    var filter = filter(Map.of("foo", BCRYPT));
    for (int i = 0; i < 5; i++) {
      assertThat(status(filter, basic("foo:bar"))).isEqualTo(200);
      assertThat(status(filter, basic("foo:baz"))).isEqualTo(401);
    }
    assertThat(compared).hasSize(2);
  }

  @Test
  void requestsWithTheSamePairWaitForOneComparison() {
    var filter = filter(Map.of("foo", BCRYPT));
    var decided = new ArrayList<FilterOutcome>();
    for (int i = 0; i < 10; i++) {
      ((FilterOutcome.Await) filter.onRequest(request(basic("foo:bar"))))
          .check()
          .start(decided::add);
    }
    runTasks();
    assertThat(compared).hasSize(1);
    assertThat(decided).hasSize(10).allMatch(outcome -> status(outcome) == 200);
  }

  @Test
  void whoLeavesBeforeItsTurnCostsNothing() {
    var filter = filter(Map.of("foo", BCRYPT));
    var await = (FilterOutcome.Await) filter.onRequest(request(basic("foo:bar")));
    await.check().start(outcome -> {}).cancel();
    runTasks();
    assertThat(compared).isEmpty();
    assertThat(status(filter, basic("foo:bar"))).isEqualTo(200);
  }

  @Test
  void anotherHashForgetsWhatWasKnownAtOnce() {
    assertThat(status(filter(Map.of("foo", BCRYPT)), basic("foo:bar"))).isEqualTo(200);
    assertThat(status(filter(Map.of("foo", "{PLAIN}other")), basic("foo:bar"))).isEqualTo(401);
    assertThat(status(filter(Map.of("fop", BCRYPT)), basic("foo:bar"))).isEqualTo(401);
    assertThat(status(filter(Map.of("foo", BCRYPT)), basic("foo:bar"))).isEqualTo(200);
  }

  @Test
  void unknownUsersCostTheSameWorkAsKnownOnes() {
    var filter = filter(Map.of("foo", BCRYPT, "empty", ""));
    for (var user : List.of("foo", "empty", "nobody", "x", "root")) {
      compared.clear();
      assertThat(status(filter, basic(user + ":wrong"))).isEqualTo(401);
      assertThat(compared).as(user).containsExactly(PasswordHash.parse(BCRYPT).orElseThrow());
      assertThat(status(filter, basic(user + ":wrong"))).isEqualTo(401);
      assertThat(compared).as(user + " again").hasSize(1);
    }
  }

  @Test
  void anUnknownUserWithSomebodysPasswordStaysOut() {
    var filter = filter(Map.of("foo", BCRYPT));
    assertThat(status(filter, basic("nobody:bar"))).isEqualTo(401);
    assertThat(status(filter, basic("foo:bar"))).isEqualTo(200);
    assertThat(status(filter, basic("nobody:bar"))).isEqualTo(401);
  }

  @Test
  void anUnknownUserCostsTheSameHashEveryTime() {
    var filter =
        filter(Map.of("a", BCRYPT, "b", "{PLAIN}b", "c", "{SHA}Ys23Ag/5IOWqZCw9QGaVDdHwH00="));
    for (int i = 0; i < 5; i++) {
      status(filter, basic("nobody:guess" + i));
    }
    assertThat(compared).hasSize(5);
    assertThat(compared.stream().distinct()).hasSize(1);
  }

  @Test
  void tooManyAtOnceAreTurnedAwayAndTheOthersServed() {
    var filter = filter(Map.of("foo", BCRYPT));
    var decided = new ArrayList<FilterOutcome>();
    for (int i = 0; i < PasswordVerifier.MOST_PENDING + 10; i++) {
      ((FilterOutcome.Await) filter.onRequest(request(basic("foo:guess" + i))))
          .check()
          .start(decided::add);
    }
    assertThat(decided).hasSize(10).allMatch(outcome -> status(outcome) == 503);
    runTasks();
    assertThat(decided.stream().filter(outcome -> status(outcome) == 401))
        .hasSize(PasswordVerifier.MOST_PENDING);
    assertThat(status(filter, basic("foo:bar"))).isEqualTo(200);
  }

  @Test
  void aFullQueueOfThreadsTurnsAway() {
    var full =
        new PasswordVerifier(
            task -> {
              throw new RejectedExecutionException();
            },
            PasswordHashing.STANDARD);
    var users = Map.of("foo", PasswordHash.parse(BCRYPT));
    for (int i = 0; i < PasswordVerifier.MOST_PENDING + 1; i++) {
      var filter = new BasicAuthFilter(new BasicAuth("", users), full);
      assertThat(status(filter, basic("foo:bar"))).isEqualTo(503);
    }
  }

  @Test
  void settingsDoNotShowHashes() {
    var settings = new BasicAuth("r", Map.of("foo", PasswordHash.parse("{PLAIN}hunter2")));
    assertThat(settings.toString()).isEqualTo("basic-auth realm=\"r\" users=1");
  }
}
