package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.List;

/**
 * Lists of client addresses that may or may not enter. A list that is present and empty lets nobody
 * in. Not enforced yet: closes.
 */
public final class SourceRanges implements AnnotationFeature {
  private static final List<Guard> GUARDS =
      List.of(
          Guard.evenBlank(
              new Setting.Names(
                  "allowlist-source-range",
                  "whitelist-source-range",
                  List.of("whitelist-source-range")),
              Scope.ROUTE,
              Risk.MEDIUM,
              "Client addresses that may enter."),
          Guard.evenBlank(
              Setting.Names.both("denylist-source-range"),
              Scope.ROUTE,
              Risk.MEDIUM,
              "Client addresses that may not enter."));

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(GUARDS);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.LATER;
  }

  @Override
  public boolean closes(Setting<?> setting) {
    return true;
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    Guards.report(GUARDS, Guard.NOT_YET, values, proxy);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    Guards.close(GUARDS, values, route);
  }
}
