package dev.weir.controller.cli;

/**
 * A flag: its name, its form, and what giving it does in this release.
 *
 * @param name without dashes
 * @param defaultValue what it means when it isn't given; empty for nothing
 * @param doc one sentence for help; for a flag without effect it says why
 */
record FlagSpec(String name, FlagType type, String defaultValue, Effect effect, String doc) {

  /** What giving a flag does. */
  enum Effect {
    /** It acts. */
    NOW,
    /** Accepted; a later release will act on it. */
    LATER,
    /** Accepted so that existing command lines work; there is nothing here that it could change. */
    INERT
  }

  static FlagSpec now(String name, FlagType type, String defaultValue, String doc) {
    return new FlagSpec(name, type, defaultValue, Effect.NOW, doc);
  }

  static FlagSpec later(String name, FlagType type, String defaultValue, String doc) {
    return new FlagSpec(name, type, defaultValue, Effect.LATER, doc);
  }

  static FlagSpec inert(String name, FlagType type, String defaultValue, String doc) {
    return new FlagSpec(name, type, defaultValue, Effect.INERT, doc);
  }

  FlagSpec withDefault(String value) {
    return new FlagSpec(name, type, value, effect, doc);
  }

  /** As people type it: {@code --http-port}; {@code -v} for the one short flag. */
  String typed() {
    return name.length() == 1 ? "-" + name : "--" + name;
  }
}
