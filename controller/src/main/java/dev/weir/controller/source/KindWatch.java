package dev.weir.controller.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Severity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list/watch loop of one kind, in one namespace or in all: list, then watch from the list's
 * version, again and again from where the last watch ended, and back to the list only when the
 * server has forgotten that version. Nothing that was delivered is taken back before a new list is
 * complete.
 *
 * <p>One thread runs it, until it is interrupted and {@link #cut}.
 */
final class KindWatch implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(KindWatch.class);
  private static final int FORBIDDEN = 403;

  /** A single broken connection is everyday life: a server or a load balancer restarted. */
  private static final int OFTEN = 3;

  /** ERROR events one after another that may still be a passing trouble of the server. */
  private static final int STUCK = 3;

  /** A watch that lived so long was well: something between it and the server cuts connections. */
  private static final long WELL = Duration.ofSeconds(5).toNanos();

  private final WatchedKind kind;
  private final String namespace;
  private final WatchServices services;
  private final Answers answers;
  private final KindLister lister;
  private final KindEvents events;
  private final KindFindings findings = new KindFindings();
  private final Backoff backoff;
  private final KindState state;
  private int reported = 200;
  private boolean listed;
  private boolean standing;
  private int troubles;
  private boolean connected;
  private int errorEvents;
  private String position = "";

  /** That it may be listed but not watched, if so: then it is listed again and again. */
  private Optional<Finding> unwatched = Optional.empty();

  /**
   * @param namespace empty for all
   * @param random of this watch alone
   */
  KindWatch(WatchedKind kind, String namespace, WatchServices services, RandomGenerator random) {
    this.kind = kind;
    this.namespace = namespace;
    this.services = services;
    this.state = new KindState(kind.kind(), namespace);
    this.answers = new Answers(services.client(), services.watchdog());
    this.lister = new KindLister(kind, namespace, services, answers);
    this.events = new KindEvents(kind, namespace, services, answers, random);
    var timing = services.timing();
    this.backoff = new Backoff(timing.retryShortest(), timing.retryLongest(), random);
  }

  SourceState state() {
    return state.now();
  }

  /** Ends the answer that is being read; called after the thread was interrupted. */
  void cut() {
    answers.cut();
  }

  @Override
  public void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void step() throws InterruptedException {
    try {
      if (position.isEmpty()) {
        list();
      } else {
        watch();
      }
    } catch (ApiFailure e) {
      failed(e);
    } catch (JsonProcessingException e) {
      failed(ApiFailure.malformed("the answer is no JSON: " + e.getOriginalMessage()));
    } catch (IOException e) {
      failed(ApiFailure.noAnswer(ApiFailure.reason(e)));
    } catch (RuntimeException | Error e) {
      // Errors too: without this thread nothing of this kind would ever change again.
      log.error("The watch of {} failed; listing again", scope(), e);
      position = "";
      services.gate().pause(backoff.next());
    }
  }

  private void list() throws IOException, InterruptedException {
    boolean first = !state.synced();
    var list = lister.list();
    findings.replaceAll(list.findings());
    findings.ofKind(unwatched.or(this::standsIn));
    var all = new SourceBatch.Change.Replace(kind.kind(), namespace, list.resources());
    deliver(List.of(all));
    position = list.version();
    listed = true;
    state.listed();
    if (unwatched.isEmpty()) {
      recovered();
    } else {
      services.gate().answered();
    }
    if (first) {
      services.deliveries().synced();
    } else if (unwatched.isEmpty()) {
      log.info(
          "Listed {} again: {} objects at version {}", scope(), list.resources().size(), position);
    }
  }

  private void watch() throws IOException, InterruptedException {
    var order = new WatchOrder(position);
    long began = System.nanoTime();
    connected = false;
    KindEvents.Outcome outcome;
    try {
      outcome = events.follow(lister.version(), order, this::event);
    } catch (ApiFailure e) {
      errorEvents += connected ? 1 : 0;
      throw e;
    } finally {
      // After an error, too: what was delivered must not come once more, older states first.
      position = order.position();
    }
    switch (outcome) {
      case ENDED -> {
        errorEvents = 0;
        state.alive();
        backoff.reset();
        troubles = 0;
        lookAgain();
      }
      case ENDED_AT_ONCE -> {
        services.gate().pause(backoff.next());
        lookAgain();
      }
      case SILENT -> trouble("went silent", 1);
      case BROKEN -> {
        trouble("breaks off again and again", OFTEN);
        if (System.nanoTime() - began >= WELL) {
          backoff.reset();
        }
        services.gate().pause(backoff.next());
      }
      case EXPIRED -> relist();
    }
  }

  /** Goes back to what another resource stands in for, once it may be read. */
  private void lookAgain() throws InterruptedException {
    if (lister.mayReadAgain()) {
      log.info("Reading {} works again", scope());
      standing = false;
      lister.forgetVersion();
      position = "";
    }
  }

  /** Says so when it happened {@code worthMention} times since a watch ended well. */
  private void trouble(String what, int worthMention) {
    troubles++;
    if (troubles == worthMention) {
      log.warn("The watch of {} {}; resuming from version {}", scope(), what, position);
    } else {
      log.debug("The watch of {} {}; resuming from version {}", scope(), what, position);
    }
  }

  /** At once the first time, later after a pause: some servers expire every watch. */
  private void relist() throws InterruptedException {
    position = "";
    boolean again = backoff.failing();
    var pause = backoff.next();
    if (again) {
      services.gate().pause(pause);
    }
  }

  private void event(KindEvents.Event event) {
    switch (event) {
      case KindEvents.Event.Connected() -> {
        connected = true;
        recovered();
        watched();
        state.alive();
      }
      case KindEvents.Event.Bookmark() -> {
        state.alive();
        backoff.reset();
      }
      case KindEvents.Event.Changed(var key, var change, var found) -> {
        backoff.reset();
        errorEvents = 0;
        findings.put(key, found);
        deliver(List.of(change));
        state.event();
      }
    }
  }

  /** It may be watched, perhaps again. */
  private void watched() {
    if (unwatched.isPresent()) {
      unwatched = Optional.empty();
      findings.ofKind(standsIn());
      deliver(List.of());
    }
  }

  private void deliver(List<SourceBatch.Change> changes) {
    services.deliveries().deliver(new SourceBatch(changes, scope(), findings.all()));
  }

  private void failed(ApiFailure failure) throws InterruptedException {
    var pause = backoff.next();
    if (failure.code() == ApiFailure.NO_ANSWER) {
      state.failed("can't reach the API server: " + failure.text());
      services.gate().awaitServer(pause, failure.text());
      return;
    }
    services.gate().answered();
    switch (failure.code()) {
      case 410 -> {
        position = "";
        services.gate().pause(pause);
        return;
      }
      case 400 -> position = "";
      case 404 -> {
        position = "";
        lister.forgetVersion();
      }
      default -> {
        if (failure.text().contains("Too large resource version")) {
          // The server is younger than what it told us: a restored backup.
          position = "";
        }
      }
    }
    report(failure);
    if (failure.code() == FORBIDDEN || errorEvents >= STUCK) {
      // What is not told may perhaps be listed.
      errorEvents = 0;
      position = "";
    }
    if (failure.code() == FORBIDDEN || failure.code() == ApiFailure.NOT_OFFERED) {
      pause = services.timing().retryLongest();
    }
    boolean told = failure.retryAfter().compareTo(pause) > 0;
    services.gate().pause(told ? failure.retryAfter() : pause);
  }

  /** Says once what is wrong, until it is over or something else is wrong. */
  private void report(ApiFailure failure) {
    var sentence = sentence(failure);
    state.failed(sentence);
    if (reported != failure.code()) {
      reported = failure.code();
      log.warn("{}", sentence);
    }
    boolean off = failure.code() == FORBIDDEN || failure.code() == ApiFailure.NOT_OFFERED;
    var finding = finding(kind.needed() ? Severity.ERROR : Severity.WARNING, sentence);
    unwatched =
        failure.code() == FORBIDDEN && !position.isEmpty()
            ? Optional.of(finding)
            : Optional.empty();
    if (off && findings.ofKind(Optional.of(finding))) {
      deliver(List.of());
    }
    if (off && !kind.needed() && !state.synced()) {
      state.doneWithout();
      services.deliveries().synced();
    }
  }

  private void recovered() {
    services.gate().answered();
    if (reported != 200) {
      reported = 200;
      log.info("Reading {} works again", scope());
    }
  }

  /** Says it once, until what is missing may be read. */
  private Optional<Finding> standsIn() {
    var standIn = lister.standIn();
    if (standIn == null) {
      return Optional.empty();
    }
    var sentence =
        notAllowed(
            standIn.refused(),
            "; until then "
                + lister.version().resource()
                + " stand in for them, and "
                + kind.without(),
            standIn.failure());
    if (!standing) {
      standing = true;
      log.warn("{}", sentence);
    }
    return Optional.of(finding(Severity.WARNING, sentence));
  }

  private String sentence(ApiFailure failure) {
    var end = kind.needed() || listed ? "" : "; " + kind.without();
    return failure.code() == FORBIDDEN
        ? notAllowed(lister.version(), end, failure)
        : "Can't read " + scope() + ": " + failure.text() + end;
  }

  private String notAllowed(WatchedKind.Version version, String end, ApiFailure failure) {
    var where = namespace.isEmpty() ? "a ClusterRole" : "a Role of namespace " + namespace;
    return "Not allowed to "
        + (position.isEmpty() ? "list " : "watch ")
        + version.resource()
        + (namespace.isEmpty() ? "" : " in namespace " + namespace)
        + "; bind the controller's ServiceAccount to "
        + where
        + " with the rule "
        + version.rbacRule()
        + end
        + " ("
        + failure.text()
        + ")";
  }

  private Finding finding(Severity severity, String sentence) {
    var object = new ObjectRef(new ObjectKey(kind.kind(), namespace, "*"), "");
    return new Finding(severity, object, "", sentence, "");
  }

  private String scope() {
    return kind.kind().text() + " objects" + (namespace.isEmpty() ? "" : " of " + namespace);
  }
}
