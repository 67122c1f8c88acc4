package dev.weir.dataplane.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Fields that replies get, whoever makes them (ingress-nginx.md 1.3, 87 and 2, 36).
 *
 * @param fields later ones win
 * @param everywhere whether the operator wants them on all replies; a route's own come after those,
 *     and after all that other features say
 */
public record SetReplyFields(List<SetField> fields, boolean everywhere) implements FilterSettings {
  public SetReplyFields {
    fields = List.copyOf(fields);
  }

  @Override
  public String text() {
    return fields.stream()
        .map(SetField::text)
        .collect(Collectors.joining(" ", everywhere ? "add-headers " : "custom-headers ", ""));
  }
}
