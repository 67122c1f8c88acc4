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

/** Clients that the ConfigMap shuts out everywhere. Not enforced yet: closes. */
public final class AccessBlocks implements AnnotationFeature {
  private static final List<Guard> GUARDS =
      List.of(
          guard("block-cidrs", "Client addresses that may not enter anywhere."),
          guard("block-user-agents", "User agents that may not enter anywhere."),
          guard("block-referers", "Referers that may not enter anywhere."));

  private static Guard guard(String key, String doc) {
    return Guard.any(Setting.Names.configMap(key), Scope.ROUTE, Risk.HIGH, doc);
  }

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
