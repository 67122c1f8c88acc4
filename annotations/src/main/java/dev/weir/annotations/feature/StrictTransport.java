package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import dev.weir.annotations.value.Integers;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.FilterSettings;
import dev.weir.dataplane.model.StrictTransportSecurity;
import java.util.List;

/** {@code hsts} and its parts: replies over TLS tell browsers to come back by TLS only. */
public final class StrictTransport implements AnnotationFeature {
  private static final StrictTransportSecurity BY_DEFAULT = StrictTransportSecurity.DEFAULT;

  private static final Setting<Boolean> ON =
      key(
          "hsts",
          true,
          Booleans::parse,
          "Whether replies over TLS carry Strict-Transport-Security.");
  private static final Setting<Integer> MAX_AGE =
      key(
          "hsts-max-age",
          BY_DEFAULT.maxAge(),
          Integers.from(0),
          "Seconds for which browsers keep to TLS.");
  private static final Setting<Boolean> SUBDOMAINS =
      key(
          "hsts-include-subdomains",
          BY_DEFAULT.includeSubDomains(),
          Booleans::parse,
          "Whether that goes for names below the host, too.");
  private static final Setting<Boolean> PRELOAD =
      key(
          "hsts-preload",
          BY_DEFAULT.preload(),
          Booleans::parse,
          "Whether browsers may ship with the host in their list.");

  private static <T> Setting<T> key(String name, T byDefault, ValueParser<T> parser, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        byDefault,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ON, MAX_AGE, SUBDOMAINS, PRELOAD);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    filters(values).forEach(route::filter);
  }

  /** What it comes to: one filter, or none. */
  static List<FilterSettings> filters(Values values) {
    return values.get(ON)
        ? List.of(
            new StrictTransportSecurity(
                values.get(MAX_AGE), values.get(SUBDOMAINS), values.get(PRELOAD)))
        : List.of();
  }
}
