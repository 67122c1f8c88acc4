package dev.weir.controller.cli;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The flags that a command accepts, by name. Immutable. */
final class FlagTable {
  /** Every flag, as {@code weir run} takes them. */
  static final FlagTable RUN =
      new FlagTable(
          Stream.of(
                  OtherFlags.WEIR,
                  IngressNginxFlags.SCOPE,
                  IngressNginxFlags.PROCESS,
                  IngressNginxFlags.METRICS,
                  IngressNginxFlags.CLUSTER,
                  OtherFlags.KLOG)
              .flatMap(List::stream)
              .toList());

  private final Map<String, FlagSpec> byName;

  private FlagTable(List<FlagSpec> specs) {
    var map = new LinkedHashMap<String, FlagSpec>();
    for (var spec : specs) {
      if (map.put(spec.name(), spec) != null) {
        throw new IllegalStateException("the flag " + spec.typed() + " is declared twice");
      }
    }
    this.byName = Collections.unmodifiableMap(map);
  }

  /** Only these flags. */
  FlagTable only(Set<String> names) {
    return new FlagTable(
        byName.values().stream().filter(spec -> names.contains(spec.name())).toList());
  }

  /** The same with another default. */
  FlagTable withDefault(String name, String value) {
    return new FlagTable(
        byName.values().stream()
            .map(spec -> spec.name().equals(name) ? spec.withDefault(value) : spec)
            .toList());
  }

  /** The same and one flag more. */
  FlagTable and(FlagSpec flag) {
    return new FlagTable(Stream.concat(byName.values().stream(), Stream.of(flag)).toList());
  }

  /** In the order in which help shows them. */
  Collection<FlagSpec> specs() {
    return byName.values();
  }

  @Nullable FlagSpec find(String name) {
    return byName.get(name);
  }
}
