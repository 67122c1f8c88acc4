package dev.weir.dataplane.filter;

import java.util.function.Consumer;

/** What a filter decided about a request. */
public sealed interface FilterOutcome {
  /** The next filter's turn. */
  enum Continue implements FilterOutcome {
    CONTINUE
  }

  /** The request is answered here; later filters don't see it, reply filters do. */
  record Reply(LocalReply reply) implements FilterOutcome {}

  /** The decision takes time. */
  record Await(Check check) implements FilterOutcome {}

  /** A decision that takes time. */
  interface Check {
    /**
     * Begins, on the exchange's loop.
     *
     * @param decided to be called once, from any thread; the exchange goes on on its own loop. A
     *     call after {@link Handle#cancel} has no effect
     */
    Handle start(Consumer<FilterOutcome> decided);
  }

  /** A check under way. */
  interface Handle {
    /** The client is gone: nobody waits for the decision any more. */
    void cancel();
  }
}
