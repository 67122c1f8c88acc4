package dev.weir.controller.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one document: an object, or a list whose items are handed on as they come.
 *
 * <p>In a dump, {@code items} stands before {@code kind}. Items without a kind of their own (as the
 * API server writes them into an {@code IngressList}) therefore wait for the end of the list.
 */
final class DocumentReader {
  private static final int DEEPEST_LIST = 4;

  private final TokenSource tokens;
  private final TreeBuilder builder;
  private final ManifestCollector collector;

  DocumentReader(TokenSource tokens, TreeBuilder builder, ManifestCollector collector) {
    this.tokens = tokens;
    this.builder = builder;
    this.collector = collector;
  }

  void read(Token first) throws BadText {
    if (first instanceof Token.Start start && start.mapping() && start.anchor().isEmpty()) {
      mapping(start);
    } else {
      complete(builder.build(first), 0);
    }
  }

  private void mapping(Token.Start start) throws BadText {
    var entries = new LinkedHashMap<String, Tree>();
    var waiting = new ArrayList<Tree>();
    boolean list = false;
    for (var token = tokens.next(); !(token instanceof Token.End); token = tokens.next()) {
      var key = builder.key(token, 1);
      var next = tokens.next();
      if (!list && key.equals("items") && plainSequence(next)) {
        list = true;
        builder.takeFlaw().ifPresent(collector::bad);
        items(waiting);
      } else if (entries.putIfAbsent(key, builder.build(next)) != null) {
        builder.note("the key " + Syntax.quoted(key) + " stands here for the second time", token);
      }
    }
    var root = new Tree.Mapping(entries, start.line(), start.column());
    if (!list) {
      complete(root, 0);
    } else {
      builder.takeFlaw().ifPresent(collector::bad);
      waiting.forEach(item -> item(inherit(item, root), 1));
    }
  }

  private static boolean plainSequence(Token token) {
    return token instanceof Token.Start start && !start.mapping() && start.anchor().isEmpty();
  }

  private void items(List<Tree> waiting) throws BadText {
    for (var token = tokens.next(); !(token instanceof Token.End); token = tokens.next()) {
      var item = builder.build(token);
      var flaw = builder.takeFlaw();
      if (flaw.isPresent()) {
        collector.bad(flaw.get());
      } else if (kind(item).isEmpty()) {
        waiting.add(item);
      } else {
        item(item, 1);
      }
    }
  }

  /** Hands on a tree that was read to its end, unless it has a flaw. */
  private void complete(Tree tree, int depth) {
    var flaw = builder.takeFlaw();
    if (flaw.isPresent()) {
      collector.bad(flaw.get());
    } else {
      item(tree, depth);
    }
  }

  /** An object, or a list inside a list. */
  private void item(Tree tree, int depth) {
    if (kind(tree).endsWith("List")
        && depth < DEEPEST_LIST
        && tree instanceof Tree.Mapping mapping
        && mapping.entries().get("items") instanceof Tree.Sequence items) {
      items.items().forEach(item -> item(inherit(item, mapping), depth + 1));
    } else {
      collector.object(tree);
    }
  }

  /** An item with the kind and version that follow from the list's, where it has none. */
  private static Tree inherit(Tree item, Tree.Mapping list) {
    var kind = kind(list);
    if (!(item instanceof Tree.Mapping mapping)
        || !kind(item).isEmpty()
        || !kind.endsWith("List")
        || kind.equals("List")) {
      return item;
    }
    var itemKind = kind.substring(0, kind.length() - "List".length());
    Map<String, Tree> entries = new LinkedHashMap<>(mapping.entries());
    entries.put(
        "kind", new Tree.Scalar(Tree.Scalar.Type.TEXT, itemKind, item.line(), item.column()));
    entries.put("apiVersion", list.entries().getOrDefault("apiVersion", Tree.ABSENT));
    return new Tree.Mapping(entries, item.line(), item.column());
  }

  private static String kind(Tree tree) {
    return tree instanceof Tree.Mapping mapping
            && mapping.entries().get("kind") instanceof Tree.Scalar scalar
        ? scalar.text()
        : "";
  }
}
