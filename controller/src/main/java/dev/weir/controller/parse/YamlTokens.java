package dev.weir.controller.parse;

import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * The tokens of YAML 1.2 text (core schema). Tags outside YAML's own are refused: the tools that
 * write them expect the value to be replaced before anybody uses it.
 */
final class YamlTokens implements TokenSource {
  private static final ScalarResolver RESOLVER = new CoreSchema().getScalarResolver();

  private final String text;
  private final Iterator<Event> events;
  private int line = 1;
  private int column = 1;

  YamlTokens(String text) {
    this.text = text;
    var settings =
        LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).setUseMarks(true).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  @Override
  public Token next() throws BadText {
    try {
      while (events.hasNext()) {
        var token = token(events.next());
        if (token.isPresent()) {
          return token.get();
        }
      }
      return new Token.EndOfText(line, column);
    } catch (MarkedYamlEngineException bad) {
      bad.getProblemMark().ifPresent(this::moveTo);
      throw new BadText(bad.getProblem(), line, column);
    } catch (ReaderException bad) {
      moveToIndex(bad.getPosition());
      throw new BadText("this character must not stand in YAML", line, column);
    } catch (RuntimeException bad) {
      throw new BadText("not YAML after here: " + bad.getMessage(), line, column);
    }
  }

  /** The token of an event; none for the marks of streams and documents. */
  private Optional<Token> token(Event event) throws BadText {
    event.getStartMark().ifPresent(this::moveTo);
    checkTag(event);
    return Optional.ofNullable(
        switch (event) {
          case MappingStartEvent start -> new Token.Start(true, anchor(start), line, column);
          case CollectionStartEvent start -> new Token.Start(false, anchor(start), line, column);
          case CollectionEndEvent end -> new Token.End(line, column);
          case ScalarEvent scalar -> new Token.Value(scalar(scalar), anchor(scalar));
          case AliasEvent alias -> new Token.Alias(alias.getAlias().getValue(), line, column);
          default -> null;
        });
  }

  private static String anchor(NodeEvent event) {
    return event.getAnchor().map(Anchor::getValue).orElse("");
  }

  private void checkTag(Event event) throws BadText {
    var tag =
        switch (event) {
          case ScalarEvent scalar -> scalar.getTag();
          case CollectionStartEvent start -> start.getTag();
          default -> Optional.<String>empty();
        };
    if (tag.isPresent() && !tag.get().startsWith(Tag.PREFIX) && !tag.get().equals("!")) {
      throw new BadText("the tag " + Syntax.quoted(tag.get()) + " is not supported", line, column);
    }
  }

  private Tree.Scalar scalar(ScalarEvent event) {
    var given = event.getTag().orElse("");
    boolean text =
        !event.isPlain()
            || given.equals("!")
            || given.equals(Tag.STR.getValue())
            || given.equals(Tag.BINARY.getValue());
    var tag = text ? Tag.STR : RESOLVER.resolve(event.getValue(), true);
    if (tag.equals(Tag.NULL)) {
      return new Tree.Scalar(Tree.Scalar.Type.NULL, "", line, column);
    }
    var type =
        tag.equals(Tag.BOOL)
            ? Tree.Scalar.Type.BOOL
            : tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)
                ? Tree.Scalar.Type.NUMBER
                : Tree.Scalar.Type.TEXT;
    return new Tree.Scalar(type, event.getValue(), line, column);
  }

  private void moveTo(Mark mark) {
    line = mark.getLine() + 1;
    column = mark.getColumn() + 1;
  }

  private void moveToIndex(int codePoints) {
    line = 1;
    column = 1;
    text.codePoints()
        .limit(Math.max(codePoints, 0))
        .forEach(
            c -> {
              line = c == '\n' ? line + 1 : line;
              column = c == '\n' ? 1 : column + 1;
            });
  }
}
