package dev.weir.controller.status;

import dev.weir.controller.source.ApiFailure;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the address out of the status of Ingresses when the last replica ends ({@code
 * --update-status-on-shutdown}). Tools delete DNS records by that, so it happens only where it is
 * certain that nobody serves any more: there is no other pod of the controller, and the address is
 * the only one.
 *
 * <p>Owned by one thread.
 */
final class Farewell {
  /** How long each part of an end may take. */
  static final Duration LONGEST = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Farewell.class);

  private final Replicas replicas;
  private final StatusBook book;

  Farewell(Replicas replicas, StatusBook book) {
    this.replicas = replicas;
    this.book = book;
  }

  /** Clears the status of all Ingresses, as far as time allows, if this is the last replica. */
  void clear(StatusWriter writer) throws InterruptedException {
    if (book.wantedCount() != 1) {
      LOG.info(
          "ending: the status of Ingresses stays, {}",
          book.wantedCount() > 1
              ? "it names several addresses"
              : "since it isn't known which address is ours");
      return;
    }
    var showing = book.showing();
    if (showing.isEmpty() || !isLast()) {
      return;
    }
    long deadline = System.nanoTime() + LONGEST.toNanos();
    int cleared = 0;
    var failed = "";
    for (var ingress : showing) {
      try {
        if (deadline - System.nanoTime() > 0
            && writer.write(ingress, List.of()) == StatusWriter.Outcome.WRITTEN) {
          cleared++;
        }
      } catch (ApiFailure e) {
        failed = ingress + ": " + e.text();
        if (e.code() == ApiFailure.NO_ANSWER) {
          break;
        }
      }
    }
    if (!failed.isEmpty()) {
      LOG.info("ending: the status of some Ingresses can't be cleared, such as {}", failed);
    }
    LOG.info(
        "ending: the last replica took its address out of the status of {} of {} Ingresses;"
            + " --update-status-on-shutdown=false leaves it there",
        cleared,
        showing.size());
  }

  private boolean isLast() throws InterruptedException {
    try {
      var all = replicas.list();
      if (all.stream().noneMatch(Replicas.Replica::self)) {
        LOG.info("ending: the status of Ingresses stays, since there is no pod of our name");
        return false;
      }
      if (all.stream().anyMatch(replica -> !replica.self() && !replica.ends())) {
        LOG.info("ending: the status of Ingresses stays, another replica goes on");
        return false;
      }
      return true;
    } catch (ApiFailure e) {
      LOG.info(
          "ending: the status of Ingresses stays, since it can't be told whether other replicas go"
              + " on (list pods: {})",
          e.text());
      return false;
    }
  }
}
