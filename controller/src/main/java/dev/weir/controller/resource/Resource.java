package dev.weir.controller.resource;

/** An object as Weir keeps it: parsed once, no nulls below, immutable. */
public sealed interface Resource
    permits IngressResource,
        IngressClassResource,
        ServiceResource,
        EndpointsResource,
        SecretResource,
        ConfigMapResource,
        NamespaceResource {

  /** The object's metadata. */
  Meta meta();

  /** The incarnation that this record was parsed from. */
  default ObjectRef ref() {
    return meta().ref();
  }

  /** The name under which others refer to it. */
  default ObjectKey key() {
    return meta().ref().key();
  }
}
