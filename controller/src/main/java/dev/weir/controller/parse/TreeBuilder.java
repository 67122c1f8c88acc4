package dev.weir.controller.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds trees from tokens. What YAML allows and no manifest should contain (a key twice, keys that
 * aren't text, aliases that blow up, depth without end) is noted as a flaw of the tree that is
 * being built, and the tokens are read on, so that the next object of the text can still be
 * understood.
 *
 * <p>Used once, by one thread.
 */
final class TreeBuilder {
  private static final int DEEPEST = 200;
  // An alias costs no memory, but whoever walks the tree pays for every mention.
  private static final int ALIASED_VALUES_LIMIT = 100_000;

  private final TokenSource tokens;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int values;
  private int aliased;
  private @Nullable BadText flaw;

  private record Anchored(Tree tree, int values) {}

  TreeBuilder(TokenSource tokens) {
    this.tokens = tokens;
  }

  /** Anchors end with their document. */
  void startDocument() {
    anchors.clear();
    aliased = 0;
  }

  /** The first flaw since this was asked the last time. */
  Optional<BadText> takeFlaw() {
    var found = Optional.ofNullable(flaw);
    flaw = null;
    return found;
  }

  /** The value that starts with {@code first}. */
  Tree build(Token first) throws BadText {
    return build(first, 0);
  }

  private Tree build(Token first, int depth) throws BadText {
    int before = values++;
    return switch (first) {
      case Token.Value value -> anchored(value.anchor(), value.scalar(), before);
      case Token.Start start when depth >= DEEPEST -> {
        note("the nesting is deeper than " + DEEPEST + " levels", start);
        skip();
        yield Tree.ABSENT;
      }
      case Token.Start start when start.mapping() ->
          anchored(start.anchor(), mapping(start, depth), before);
      case Token.Start start -> anchored(start.anchor(), sequence(start, depth), before);
      case Token.Alias alias -> resolve(alias);
      case Token.End end -> throw unexpected(end);
      case Token.EndOfText end -> throw unexpected(end);
    };
  }

  private Tree anchored(String anchor, Tree tree, int before) {
    if (!anchor.isEmpty()) {
      anchors.put(anchor, new Anchored(tree, values - before));
    }
    return tree;
  }

  private Tree resolve(Token.Alias alias) {
    var anchored = anchors.get(alias.name());
    if (anchored == null) {
      note("there is no anchor &" + Syntax.shown(alias.name()) + " before this alias", alias);
      return Tree.ABSENT;
    }
    // Saturating: an alias of aliases of aliases overflows quickly.
    aliased = (int) Math.min((long) aliased + anchored.values(), Integer.MAX_VALUE / 2);
    values = (int) Math.min((long) values + anchored.values(), Integer.MAX_VALUE / 2);
    if (aliased > ALIASED_VALUES_LIMIT) {
      note("aliases repeat more than " + ALIASED_VALUES_LIMIT + " values", alias);
      return Tree.ABSENT;
    }
    return anchored.tree();
  }

  private Tree sequence(Token.Start start, int depth) throws BadText {
    var items = new ArrayList<Tree>();
    for (var token = tokens.next(); !(token instanceof Token.End); token = tokens.next()) {
      items.add(build(token, depth + 1));
    }
    return new Tree.Sequence(items, start.line(), start.column());
  }

  private Tree mapping(Token.Start start, int depth) throws BadText {
    var entries = new LinkedHashMap<String, Tree>();
    var merged = new ArrayList<Tree>();
    for (var token = tokens.next(); !(token instanceof Token.End); token = tokens.next()) {
      var key = key(token, depth);
      var value = build(tokens.next(), depth + 1);
      if (key.equals("<<")) {
        merged.add(value);
      } else if (entries.putIfAbsent(key, value) != null) {
        note("the key " + Syntax.quoted(key) + " stands here for the second time", token);
      }
    }
    merged.forEach(value -> merge(value, entries));
    return new Tree.Mapping(entries, start.line(), start.column());
  }

  /** A key; notes one that is a mapping or list and reads over it. */
  String key(Token token, int depth) throws BadText {
    if (build(token, depth + 1) instanceof Tree.Scalar scalar
        && scalar.type() != Tree.Scalar.Type.NULL) {
      return scalar.text();
    }
    note("a key must be plain text", token);
    return "";
  }

  /** YAML 1.1's {@code <<}, which kubectl understands. */
  private void merge(Tree from, Map<String, Tree> into) {
    switch (from) {
      case Tree.Mapping mapping -> mapping.entries().forEach(into::putIfAbsent);
      case Tree.Sequence(List<Tree> items, _, _)
          when items.stream().allMatch(Tree.Mapping.class::isInstance) ->
          items.forEach(item -> merge(item, into));
      case Tree.Sequence other -> note("<< takes mappings only", other.line(), other.column());
      case Tree.Scalar other -> note("<< takes mappings only", other.line(), other.column());
    }
  }

  private void skip() throws BadText {
    for (int open = 1; open > 0; ) {
      switch (tokens.next()) {
        case Token.Start start -> open++;
        case Token.End end -> open--;
        case Token.EndOfText end -> throw unexpected(end);
        case Token.Value value -> {}
        case Token.Alias alias -> {}
      }
    }
  }

  /** Notes a flaw of what is being built; the first one counts. */
  void note(String message, Token at) {
    note(message, at.line(), at.column());
  }

  private void note(String message, int line, int column) {
    if (flaw == null) {
      flaw = new BadText(message, line, column);
    }
  }

  static BadText unexpected(Token token) {
    return new BadText("the text ends in the middle of a value", token.line(), token.column());
  }
}
