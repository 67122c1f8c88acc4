package dev.weir.controller.parse;

import dev.weir.controller.resource.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value inside an object and how it was reached. Its readers either return what was asked for or
 * report what is wrong, with the path, and throw {@link BadField}.
 *
 * <p>A field that isn't there and one that is null are the same ({@link #absent}), as for the API
 * server.
 */
final class Field {
  private static final int LONGEST_LIST = 100_000;
  // The longest name of an annotation: a prefix of 253, a slash, 63.
  private static final int LONGEST_NAME = 317;

  private final Problems problems;
  private final @Nullable Field parent;
  private final String name;
  private final Tree tree;

  /** Reads a field's value; {@link BadField} loses this value and nothing else. */
  interface Reader<T> {
    T read(Field field) throws BadField;
  }

  private Field(Problems problems, @Nullable Field parent, String name, Tree tree) {
    this.problems = problems;
    this.parent = parent;
    this.name = name;
    this.tree = tree;
  }

  static Field root(Tree tree, Problems problems) {
    return new Field(problems, null, "", tree);
  }

  /** As in {@code spec.rules[0].http.paths[1].path}; empty for the object itself. */
  String path() {
    if (parent == null) {
      return "";
    }
    var before = parent.path();
    var last = Syntax.shown(name, LONGEST_NAME);
    return before.isEmpty() || last.startsWith("[") ? before + last : before + "." + last;
  }

  /** Where it stands in the text; an absent one stands where its parent does. */
  Tree place() {
    return tree.line() == 0 && parent != null ? parent.place() : tree;
  }

  boolean absent() {
    return tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Scalar.Type.NULL;
  }

  /** The field of that name, perhaps {@link #absent}. */
  Field get(String key) throws BadField {
    return switch (tree) {
      case Tree.Mapping mapping ->
          new Field(problems, this, key, mapping.entries().getOrDefault(key, Tree.ABSENT));
      case Tree.Scalar scalar when scalar.type() == Tree.Scalar.Type.NULL ->
          new Field(problems, this, key, Tree.ABSENT);
      case Tree.Scalar scalar -> throw bad(shown() + " is not the expected mapping", "");
      case Tree.Sequence sequence -> throw bad("a list stands where a mapping is expected", "");
    };
  }

  /** What stands under these keys, without any report. */
  Tree peek(String... keys) {
    var at = tree;
    for (var key : keys) {
      at =
          at instanceof Tree.Mapping mapping
              ? mapping.entries().getOrDefault(key, Tree.ABSENT)
              : Tree.ABSENT;
    }
    return at;
  }

  /** This field if it is there. */
  Field required() throws BadField {
    if (absent()) {
      throw bad("is missing", "");
    }
    return this;
  }

  /** Reads the items of a list; a bad one loses only itself. An absent list is empty. */
  <T> List<T> each(Reader<T> reader) throws BadField {
    var results = new ArrayList<T>();
    if (absent()) {
      return results;
    }
    if (!(tree instanceof Tree.Sequence sequence)) {
      throw bad("is not the expected list", "start each item with a dash");
    }
    if (sequence.items().size() > LONGEST_LIST) {
      throw bad("has " + sequence.items().size() + " items; at most " + LONGEST_LIST + " fit", "");
    }
    int index = 0;
    for (var item : sequence.items()) {
      var field = new Field(problems, this, "[" + index++ + "]", item);
      field.attempt(f -> results.add(reader.read(f.required())));
    }
    return results;
  }

  /** Reads this field; if it is bad, only this is lost. */
  <T> Optional<T> attempt(Reader<T> reader) {
    try {
      return Optional.of(reader.read(this));
    } catch (BadField reported) {
      return Optional.empty();
    }
  }

  /** Text that must be there. */
  String text() throws BadField {
    var text = required().text("");
    if (text.isEmpty()) {
      throw bad("is empty", "");
    }
    return text;
  }

  /** Text, or {@code otherwise} if absent. */
  String text(String otherwise) throws BadField {
    if (absent()) {
      return otherwise;
    }
    if (tree instanceof Tree.Scalar(var type, var text, _, _) && type == Tree.Scalar.Type.TEXT) {
      return text;
    }
    throw bad(
        shown() + " is not the expected text",
        tree instanceof Tree.Scalar ? "put it in quotes" : "");
  }

  /** Whether a number stands here (not a number in quotes). */
  boolean number() {
    return tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Scalar.Type.NUMBER;
  }

  /** A whole number that must be there. */
  int integer(int min, int max) throws BadField {
    if (required().tree instanceof Tree.Scalar scalar && number()) {
      try {
        long value = Long.parseLong(scalar.text());
        if (value >= min && value <= max) {
          return (int) value;
        }
      } catch (NumberFormatException notWhole) {
        // Falls to the report below, like a number out of range.
      }
    }
    throw bad(
        shown() + " is not the expected whole number from " + min + " to " + max,
        tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Scalar.Type.TEXT
            ? "write it without quotes"
            : "");
  }

  /** A port number that must be there. */
  int port() throws BadField {
    return integer(1, 65535);
  }

  boolean bool(boolean otherwise) throws BadField {
    if (absent()) {
      return otherwise;
    }
    if (tree instanceof Tree.Scalar scalar && scalar.type() == Tree.Scalar.Type.BOOL) {
      return Boolean.parseBoolean(scalar.text());
    }
    throw bad(shown() + " is neither true nor false", "");
  }

  /** The fields of a mapping in the order of the text; none if absent. Shows no value. */
  List<Field> entries() throws BadField {
    var fields = new ArrayList<Field>();
    if (tree instanceof Tree.Mapping mapping) {
      mapping.entries().forEach((key, value) -> fields.add(new Field(problems, this, key, value)));
    } else if (!absent()) {
      throw bad("is not the expected mapping", "");
    }
    return fields;
  }

  /** The name under which the parent has this. */
  String name() {
    return name;
  }

  /**
   * A mapping from text to text. Numbers and booleans without quotes, which the API server would
   * refuse, are taken as written, with a warning; null is the empty text, as for the API server.
   */
  Map<String, String> texts() throws BadField {
    var texts = new LinkedHashMap<String, String>();
    for (var entry : entries()) {
      if (!(entry.tree instanceof Tree.Scalar scalar)) {
        throw entry.bad("is not the expected text", "");
      }
      if (scalar.type() == Tree.Scalar.Type.NUMBER || scalar.type() == Tree.Scalar.Type.BOOL) {
        entry.warn(
            "is taken as text; the API server refuses it without quotes", "put it in quotes");
      }
      texts.put(entry.name, scalar.text());
    }
    return texts;
  }

  /** What stands here, short and on one line, for a message. */
  String shown() {
    return switch (tree) {
      case Tree.Mapping mapping -> "a mapping";
      case Tree.Sequence sequence -> "a list";
      case Tree.Scalar scalar -> Syntax.quoted(scalar.text());
    };
  }

  /** Reports an error; to be thrown. */
  BadField bad(String message, String hint) {
    problems.report(Severity.ERROR, this, message, hint);
    return new BadField();
  }

  void warn(String message, String hint) {
    problems.report(Severity.WARNING, this, message, hint);
  }

  void info(String message, String hint) {
    problems.report(Severity.INFO, this, message, hint);
  }
}
