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

/** The web application firewall. Not enforced yet: closes. */
public final class ModSecurity implements AnnotationFeature {
  private static final List<Guard> GUARDS =
      List.of(
          Guard.unlessFalse(
              Setting.Names.both("enable-modsecurity"),
              Scope.ROUTE,
              Risk.LOW,
              "Whether requests pass the firewall."),
          Guard.unlessFalse(
              new Setting.Names(
                  "enable-owasp-core-rules", "enable-owasp-modsecurity-crs", List.of()),
              Scope.ROUTE,
              Risk.LOW,
              "Whether the OWASP core rules hold."),
          Guard.any(
              Setting.Names.both("modsecurity-snippet"),
              Scope.ROUTE,
              Risk.CRITICAL,
              "Rules of the firewall."),
          Guard.any(
              Setting.Names.annotation("modsecurity-transaction-id"),
              Scope.ROUTE,
              Risk.HIGH,
              "Transaction id in the firewall's log."));

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(GUARDS);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.REFUSED;
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
