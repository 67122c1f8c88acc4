package dev.weir.controller.parse;

import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** {@code metadata} of any kind. */
final class MetaParser {
  private static final int LONGEST_UID = 128;
  private static final int ANNOTATIONS_LIMIT = 256 * 1024;

  /** Written by tools, never read by Weir, and often larger than the rest of the object. */
  private static final Set<String> BALLAST =
      Set.of(
          "kubectl.kubernetes.io/last-applied-configuration",
          "deployment.kubernetes.io/revision",
          "endpoints.kubernetes.io/last-change-trigger-time",
          "endpointslice.kubernetes.io/last-change-trigger-time");

  /** Whose annotations mean something here; nobody reads others'. */
  private static final Set<Kind> ANNOTATED = EnumSet.of(Kind.INGRESS, Kind.SERVICE);

  private MetaParser() {}

  static Meta parse(Field object, Kind kind) throws BadField {
    var metadata = object.get("metadata").required();
    var namespace = kind.namespaced() ? metadata.get("namespace").text("default") : "";
    if (kind.namespaced() && !Syntax.label(namespace)) {
      throw metadata.get("namespace").bad(Syntax.quoted(namespace) + " is no namespace's name", "");
    }
    var nameField = metadata.get("name");
    var name = nameField.text();
    if (!Syntax.objectName(name)) {
      throw nameField.bad(
          Syntax.quoted(name) + " is not a valid name",
          "use lower-case letters, digits, '-' and '.', at most 253");
    }
    var uid = metadata.get("uid").text("");
    if (uid.length() > LONGEST_UID) {
      throw metadata.get("uid").bad("is longer than " + LONGEST_UID + " characters", "");
    }
    var ref = new ObjectRef(new ObjectKey(kind, namespace, name), uid);
    var labels = metadata.get("labels").texts();
    var annotations = annotations(metadata.get("annotations"));
    return new Meta(
        ref,
        created(metadata.get("creationTimestamp")),
        metadata.get("resourceVersion").text(""),
        !metadata.get("deletionTimestamp").absent(),
        kind == Kind.NAMESPACE ? labels : Map.of(),
        ANNOTATED.contains(kind) ? annotations : Map.of());
  }

  /** Who the findings of an object that can't be parsed are about, as far as it can be told. */
  static ObjectRef refOf(Field object, Kind kind) {
    return new ObjectRef(
        new ObjectKey(
            kind,
            kind.namespaced() ? identity(object, "namespace", "default") : "",
            identity(object, "name", "(without a name)")),
        identity(object, "uid", ""));
  }

  private static String identity(Field object, String name, String otherwise) {
    if (object.peek("metadata", name) instanceof Tree.Scalar scalar && !scalar.text().isEmpty()) {
      return Syntax.objectName(scalar.text()) ? scalar.text() : Syntax.quoted(scalar.text());
    }
    return otherwise;
  }

  private static Instant created(Field field) throws BadField {
    if (field.absent()) {
      return Instant.EPOCH;
    }
    try {
      return OffsetDateTime.parse(field.text()).toInstant();
    } catch (DateTimeException noTime) {
      field.warn(
          field.shown() + " is not a time; the object counts as the oldest",
          "write it like 2025-01-31T12:00:00Z");
      return Instant.EPOCH;
    }
  }

  private static Map<String, String> annotations(Field field) throws BadField {
    var annotations = field.texts();
    annotations.keySet().removeAll(BALLAST);
    long size = 0;
    for (var entry : annotations.entrySet()) {
      size += entry.getKey().length() + entry.getValue().length();
    }
    if (size > ANNOTATIONS_LIMIT) {
      throw field.bad("are larger than " + ANNOTATIONS_LIMIT + " characters together", "");
    }
    return annotations;
  }
}
