package dev.weir.controller.resource;

import java.util.Map;

/** A ConfigMap's text entries ({@code data}). */
public record ConfigMapResource(Meta meta, Map<String, String> data) implements Resource {
  public ConfigMapResource {
    data = Map.copyOf(data);
  }
}
