package dev.weir.e2e.garden;

import dev.weir.e2e.harness.WeirProcess;
import java.io.IOException;
import java.util.List;

/** What a client sends on a connection. */
interface Input {
  String HOST = "garden.test";

  /** Its place among those of its kind. */
  int number();

  /** For people. */
  String text();

  /**
   * What every server must see; empty if the bytes were mutated, so that only the servers
   * themselves can tell.
   */
  List<Seen> intended();

  /** Whether a request is served after the one before it. */
  boolean oneByOne();

  /** Sends it, and a request that is right behind it; all answers, up to the end. */
  List<Answer> send(WeirProcess weir) throws IOException;
}
