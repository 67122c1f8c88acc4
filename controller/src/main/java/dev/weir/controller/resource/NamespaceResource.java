package dev.weir.controller.resource;

/** A Namespace: its labels, and whether it is going away ({@link Meta#deleting}). */
public record NamespaceResource(Meta meta) implements Resource {}
