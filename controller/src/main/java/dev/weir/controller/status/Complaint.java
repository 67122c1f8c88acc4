package dev.weir.controller.status;

import dev.weir.controller.source.ApiFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what keeps something from being done: once, until it is over or something else does. That
 * the API server doesn't answer is not said here: whoever reads from it does.
 *
 * <p>Owned by one thread.
 */
final class Complaint {
  private static final Logger LOG = LoggerFactory.getLogger(Complaint.class);

  private final String what;
  private String said = "";

  /**
   * @param what is done, as in "Writing Events works again"
   */
  Complaint(String what) {
    this.what = what;
  }

  /** Something doesn't work. */
  void say(String sentence) {
    if (!sentence.equals(said)) {
      said = sentence;
      LOG.warn("{}", sentence);
    }
  }

  /**
   * A request failed.
   *
   * @param tried as in "update leases in namespace weir"
   * @param rule the right to add if it was one that is missing
   * @param consequence what is off because of it
   */
  void failed(ApiFailure failure, String tried, String rule, String consequence) {
    if (failure.code() == Codes.FORBIDDEN) {
      say(
          "Not allowed to %s; %s. Bind the controller's ServiceAccount to a Role with the rule %s (%s)"
              .formatted(tried, consequence, rule, failure.text()));
    } else if (failure.code() == ApiFailure.NO_ANSWER || failure.code() == Codes.TOO_MANY) {
      LOG.debug("Can't {}: {}", tried, failure.text());
    } else {
      say("Can't %s; %s (%s)".formatted(tried, consequence, failure.text()));
    }
  }

  /** It works. */
  void over() {
    if (!said.isEmpty()) {
      said = "";
      LOG.info("{} works again", what);
    }
  }
}
