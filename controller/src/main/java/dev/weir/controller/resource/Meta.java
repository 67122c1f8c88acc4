package dev.weir.controller.resource;

import java.time.Instant;
import java.util.Map;

/**
 * The part of {@code metadata} that Weir reads.
 *
 * @param created {@code metadata.creationTimestamp}; {@link Instant#EPOCH} where a file gives none,
 *     so that file objects order by name
 * @param resourceVersion opaque; empty for objects from files
 * @param deleting whether {@code metadata.deletionTimestamp} is set
 * @param labels of Namespaces; of others they are not kept
 * @param annotations of Ingresses and Services; of others they are not kept
 */
public record Meta(
    ObjectRef ref,
    Instant created,
    String resourceVersion,
    boolean deleting,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public Meta {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
