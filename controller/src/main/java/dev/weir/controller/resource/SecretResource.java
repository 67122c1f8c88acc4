package dev.weir.controller.resource;

import java.util.Map;

/**
 * A Secret.
 *
 * @param type {@code type}; empty if absent
 * @param data decoded {@code data} (and {@code stringData} in files)
 */
public record SecretResource(Meta meta, String type, Map<String, SecretBytes> data)
    implements Resource {
  public SecretResource {
    data = Map.copyOf(data);
  }
}
