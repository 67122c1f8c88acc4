package dev.weir.e2e.space;

/** What happens inside a network namespace. Has a constructor without parameters. */
public interface Scenario {
  /** Fails by throwing. */
  void play() throws Exception;
}
