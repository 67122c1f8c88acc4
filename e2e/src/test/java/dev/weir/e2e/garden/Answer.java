package dev.weir.e2e.garden;

import java.util.List;

/**
 * What a client got for a request.
 *
 * @param status 0 if it got none
 * @param seen what the server said that it had seen; empty if it was no server that answered
 */
record Answer(int status, List<Seen> seen) {
  static final Answer NONE = new Answer(0, List.of());

  /** With what {@link Seen#FIELD} says. */
  static Answer of(int status, String seen) {
    return new Answer(status, seen.isEmpty() ? List.of() : List.of(Seen.parse(seen)));
  }
}
