package dev.weir.controller.resource;

/**
 * An IngressClass.
 *
 * @param controller {@code spec.controller}
 */
public record IngressClassResource(Meta meta, String controller) implements Resource {}
