package dev.weir.dataplane.model;

import java.util.List;

/**
 * Fields of upstreams' replies that clients don't see (ingress-nginx.md 2, 37).
 *
 * @param names lower-case
 */
public record HiddenFields(List<String> names) implements FilterSettings {
  public HiddenFields {
    names = List.copyOf(names);
  }

  @Override
  public String text() {
    return "hide-headers " + String.join(" ", names);
  }
}
