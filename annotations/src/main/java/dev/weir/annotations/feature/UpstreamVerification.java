package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.List;

/** {@code proxy-ssl-*}: the Service must prove who it is. Not enforced yet: closes. */
public final class UpstreamVerification implements AnnotationFeature {
  private static final List<Guard> GUARDS =
      List.of(
          Guard.any(
              Setting.Names.annotation("proxy-ssl-secret"),
              Scope.ROUTE,
              Risk.MEDIUM,
              "Secret with our certificate for the Service and the CA of the Service's."),
          Guard.unless(
              "off",
              Setting.Names.annotation("proxy-ssl-verify"),
              Scope.ROUTE,
              Risk.LOW,
              "on: a Service whose certificate the CA did not sign is not spoken to."));

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
  public void applyRoute(Values values, RouteDraft route) {
    Guards.close(GUARDS, values, route);
  }
}
