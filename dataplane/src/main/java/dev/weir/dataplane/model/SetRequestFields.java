package dev.weir.dataplane.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Fields that upstreams get, whatever the client and others say (ingress-nginx.md 2, 35).
 *
 * @param fields later ones win
 */
public record SetRequestFields(List<SetField> fields) implements FilterSettings {
  public SetRequestFields {
    fields = List.copyOf(fields);
  }

  @Override
  public String text() {
    return fields.stream().map(SetField::text).collect(Collectors.joining(" ", "set-headers ", ""));
  }
}
