package dev.weir.controller.parse;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.weir.controller.resource.Finding;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.Resource;
import dev.weir.controller.resource.Severity;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns a Kubernetes object into a record, at the border: afterwards nothing is null and everything
 * is of the form that Kubernetes documents.
 *
 * <p>All versions of all kinds go through one small tree ({@link Tree}), whether they came over the
 * API or out of a file, so there is one set of rules and one set of messages. What can't be
 * understood is reported with its path and loses as little as possible: a path, a rule, an address,
 * and only where nothing sensible is left, the object.
 *
 * <p>Immutable; may be called from any thread. Never throws, whatever the object.
 */
public final class ObjectParser {
  /** As a tree a token takes some fifty bytes. */
  private static final long MOST_TOKENS = 300_000;

  private final JsonFactory bounded =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxTokenCount(MOST_TOKENS).build())
          .build();

  private final ObjectMapper mapper =
      new ObjectMapper().addMixIn(ObjectMeta.class, WithoutBallast.class);

  /** Parts of the metadata that are large and never read. */
  @JsonIgnoreProperties({"managedFields", "ownerReferences", "finalizers"})
  private interface WithoutBallast {}

  /**
   * Parses an object of fabric8's model, of any kind and version that Weir reads; of another, the
   * result is empty and without findings.
   */
  public Parsed parse(HasMetadata object) {
    try (var buffer = new TokenBuffer(mapper, false)) {
      mapper.writeValue(buffer, object);
      try (var json = buffer.asParser()) {
        return parse(json);
      }
    } catch (BadText | IOException | RuntimeException unreadable) {
      return new Parsed(Optional.empty(), List.of(unreadable(object, unreadable)));
    }
  }

  /**
   * Parses an object as the API server sent it, of any kind and version that Weir reads; of
   * another, the result is empty and without findings.
   *
   * @param object with {@code apiVersion} and {@code kind}, which the items of a list lack
   */
  public Parsed parse(JsonNode object) {
    try (var json = mapper.treeAsTokens(object)) {
      return parse(json);
    } catch (BadText | IOException unreadable) {
      throw new IllegalStateException("a tree in memory can't be read", unreadable);
    }
  }

  /**
   * An item of a list.
   *
   * @param namespace as its metadata says; empty if they don't
   * @param name as its metadata says
   * @param version as its metadata says
   */
  public record Item(String namespace, String name, String version, Parsed parsed) {}

  /**
   * Parses the item of a list that {@code json} stands at, without more of it in memory than it
   * needs.
   *
   * @param apiVersion of the list's items, which lack it
   * @param kind of the list's items
   * @return empty if it is no object
   * @throws IOException if the text ends or is no JSON
   */
  public Optional<Item> parseItem(JsonParser json, String apiVersion, String kind)
      throws IOException {
    if (!(JsonTree.read(json) instanceof Tree.Mapping tree)) {
      return Optional.empty();
    }
    var problems = new Problems("");
    var object = Field.root(tree, problems);
    var parsed =
        ObjectType.of(apiVersion, kind)
            .map(type -> parse(object, type, problems))
            .orElseGet(() -> new Parsed(Optional.empty(), List.of()));
    return Optional.of(
        new Item(
            text(object, "namespace"),
            text(object, "name"),
            text(object, "resourceVersion"),
            parsed));
  }

  private static String text(Field object, String name) {
    return object.peek("metadata", name) instanceof Tree.Scalar(_, var text, _, _) ? text : "";
  }

  /**
   * Parses an object from JSON text of whoever sent it: of any kind and version that Weir reads; of
   * another, the result is empty and without findings. What it takes is bounded: text of more than
   * {@value #MOST_TOKENS} tokens is not read.
   */
  public Parsed parse(byte[] text, int offset, int length) {
    try (var json = bounded.createParser(text, offset, length)) {
      return parse(json);
    } catch (BadText | IOException unreadable) {
      var nobody = new ObjectRef(new ObjectKey(Kind.MANIFEST, "", "object"), "");
      var message = "can't be read: " + Syntax.quoted(String.valueOf(unreadable.getMessage()));
      return new Parsed(
          Optional.empty(), List.of(new Finding(Severity.ERROR, nobody, "", message, "")));
    }
  }

  private Parsed parse(JsonParser json) throws BadText {
    var tokens = new JsonTokens(json);
    return parse(new TreeBuilder(tokens).build(tokens.next()), "");
  }

  /** An object with a null key in a map, or the like: no API server sends one. */
  private static Finding unreadable(HasMetadata object, Exception problem) {
    var kind =
        ObjectType.of(String.valueOf(object.getApiVersion()), String.valueOf(object.getKind()))
            .map(ObjectType::kind)
            .orElse(Kind.MANIFEST);
    var metadata = object.getMetadata() == null ? new ObjectMeta() : object.getMetadata();
    var key =
        new ObjectKey(
            kind,
            Objects.requireNonNullElse(metadata.getNamespace(), ""),
            Objects.requireNonNullElse(metadata.getName(), object.getClass().getSimpleName()));
    var message = Syntax.quoted(String.valueOf(problem.getMessage()));
    return new Finding(Severity.ERROR, new ObjectRef(key, ""), "", "can't be read: " + message, "");
  }

  /**
   * Parses an object with {@code apiVersion} and {@code kind}.
   *
   * @param file what stands before line and column in messages; empty for an object without text
   */
  Parsed parse(Tree tree, String file) {
    var problems = new Problems(file);
    var object = Field.root(tree, problems);
    var type =
        object.peek("apiVersion") instanceof Tree.Scalar(_, var apiVersion, _, _)
                && object.peek("kind") instanceof Tree.Scalar(_, var kind, _, _)
            ? ObjectType.of(apiVersion, kind)
            : Optional.<ObjectType>empty();
    return type.isEmpty()
        ? new Parsed(Optional.empty(), List.of())
        : parse(object, type.get(), problems);
  }

  private static Parsed parse(Field object, ObjectType type, Problems problems) {
    boolean data = type.kind() == Kind.SECRET || type.kind() == Kind.CONFIG_MAP;
    if (data && DataParser.neverNeeded(object)) {
      return new Parsed(Optional.empty(), List.of());
    }
    Optional<Resource> resource =
        object.attempt(field -> type.parse(field, MetaParser.parse(field, type.kind())));
    return new Parsed(resource, problems.findings(MetaParser.refOf(object, type.kind())));
  }
}
