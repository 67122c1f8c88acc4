package dev.weir.controller.resource;

import java.util.Map;

/**
 * A Secret.
 *
 * @param type {@code type}; empty if absent
 * @param data decoded {@code data} (and {@code stringData} in files)
 * @param lastValid the data of this very Secret (same UID) when it last held a valid key pair, if
 *     it doesn't now: a server certificate that is broken by an update goes on being served; empty
 *     otherwise
 */
public record SecretResource(
    Meta meta, String type, Map<String, SecretBytes> data, Map<String, SecretBytes> lastValid)
    implements Resource {
  public SecretResource {
    data = Map.copyOf(data);
    lastValid = Map.copyOf(lastValid);
  }

  /** A Secret as it stands. */
  public SecretResource(Meta meta, String type, Map<String, SecretBytes> data) {
    this(meta, type, data, Map.of());
  }

  /** The same with the memory of a valid key pair. */
  public SecretResource withLastValid(Map<String, SecretBytes> valid) {
    return new SecretResource(meta, type, data, valid);
  }
}
