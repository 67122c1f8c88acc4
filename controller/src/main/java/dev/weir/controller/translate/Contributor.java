package dev.weir.controller.translate;

import dev.weir.annotations.DraftContext;
import dev.weir.annotations.ReadSettings;
import dev.weir.controller.resource.IngressResource;

/** An Ingress of ours that may make routes, with its settings. */
record Contributor(IngressResource ingress, ReadSettings settings, DraftContext context) {
  /** {@code namespace/name}. */
  String name() {
    return ingress.key().namespace() + "/" + ingress.key().name();
  }
}
