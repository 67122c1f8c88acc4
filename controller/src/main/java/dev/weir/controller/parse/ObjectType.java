package dev.weir.controller.parse;

import dev.weir.controller.resource.IngressClassResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.Resource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The versions of the kinds that Weir reads: one entry each, with its parser. */
enum ObjectType {
  INGRESS_V1("networking.k8s.io/v1", "Ingress", Kind.INGRESS, new IngressParser(false)::parse),
  INGRESS_V1BETA1(
      "networking.k8s.io/v1beta1", "Ingress", Kind.INGRESS, new IngressParser(true)::parse),
  INGRESS_EXTENSIONS("extensions/v1beta1", "Ingress", Kind.INGRESS, new IngressParser(true)::parse),
  INGRESS_CLASS_V1(
      "networking.k8s.io/v1", "IngressClass", Kind.INGRESS_CLASS, ObjectType::ingressClass),
  INGRESS_CLASS_V1BETA1(
      "networking.k8s.io/v1beta1", "IngressClass", Kind.INGRESS_CLASS, ObjectType::ingressClass),
  SERVICE("v1", "Service", Kind.SERVICE, ServiceParser::parse),
  SLICE_V1("discovery.k8s.io/v1", "EndpointSlice", Kind.ENDPOINTS, EndpointsParser::slice),
  SLICE_V1BETA1(
      "discovery.k8s.io/v1beta1", "EndpointSlice", Kind.ENDPOINTS, EndpointsParser::slice),
  ENDPOINTS("v1", "Endpoints", Kind.ENDPOINTS, EndpointsParser::endpoints),
  SECRET("v1", "Secret", Kind.SECRET, DataParser::secret),
  CONFIG_MAP("v1", "ConfigMap", Kind.CONFIG_MAP, DataParser::configMap),
  NAMESPACE("v1", "Namespace", Kind.NAMESPACE, ObjectType::namespace);

  private static final Set<String> GROUPS =
      Set.of("", "networking.k8s.io", "extensions", "discovery.k8s.io");

  private final String apiVersion;
  private final String kindText;
  private final Kind kind;

  @SuppressWarnings("ImmutableEnumChecker") // A method of a class without state of its own.
  private final Parser parser;

  /** Reads what is particular to a kind. */
  interface Parser {
    Resource parse(Field object, Meta meta) throws BadField;
  }

  ObjectType(String apiVersion, String kindText, Kind kind, Parser parser) {
    this.apiVersion = apiVersion;
    this.kindText = kindText;
    this.kind = kind;
    this.parser = parser;
  }

  static Optional<ObjectType> of(String apiVersion, String kind) {
    return Arrays.stream(values())
        .filter(type -> type.apiVersion.equals(apiVersion) && type.kindText.equals(kind))
        .findFirst();
  }

  /**
   * The version that was probably meant, where a kind of ours stands under one that it doesn't
   * have.
   */
  static Optional<ObjectType> meant(String apiVersion, String kind) {
    int slash = apiVersion.indexOf('/');
    var group = slash < 0 ? "" : apiVersion.substring(0, slash);
    return GROUPS.contains(group)
        ? Arrays.stream(values()).filter(type -> type.kindText.equals(kind)).findFirst()
        : Optional.empty();
  }

  Kind kind() {
    return kind;
  }

  String apiVersion() {
    return apiVersion;
  }

  Resource parse(Field object, Meta meta) throws BadField {
    return parser.parse(object, meta);
  }

  private static Resource ingressClass(Field object, Meta meta) throws BadField {
    return new IngressClassResource(meta, object.get("spec").get("controller").text(""));
  }

  private static Resource namespace(Field object, Meta meta) throws BadField {
    boolean deleting =
        meta.deleting() || object.get("status").get("phase").text("").equals("Terminating");
    return new NamespaceResource(
        new Meta(
            meta.ref(),
            meta.created(),
            meta.resourceVersion(),
            deleting,
            meta.labels(),
            meta.annotations()));
  }
}
