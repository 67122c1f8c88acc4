package dev.weir.controller.resource;

/**
 * The name under which an object is looked up: what references in manifests consist of. It says
 * nothing of which incarnation is meant; that is {@link ObjectRef}.
 *
 * @param namespace empty for kinds without a namespace
 */
public record ObjectKey(Kind kind, String namespace, String name) {
  @Override
  public String toString() {
    return namespace.isEmpty()
        ? kind.text() + " " + name
        : kind.text() + " " + namespace + "/" + name;
  }
}
