package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.BlockList;
import dev.weir.dataplane.model.BlockedClients;
import dev.weir.dataplane.model.PatternException;
import java.util.List;

/**
 * Clients that the ConfigMap shuts out everywhere for what they say of themselves. A list that
 * can't be read shuts everybody out; that is the filter's doing, so that a long list is read once
 * and not for each route.
 */
public final class AccessBlocks implements AnnotationFeature {
  private static final Setting<String> USER_AGENTS =
      key("block-user-agents", "User agents that get 403: whole texts, ~regex or ~*regex.");
  private static final Setting<String> REFERERS =
      key("block-referers", "Referers that get 403: whole texts, ~regex or ~*regex.");

  private static Setting<String> key(String name, String doc) {
    return new Setting<>(
        Setting.Names.configMap(name),
        "",
        Scope.ROUTE,
        Risk.HIGH,
        WhenInvalid.DENY,
        ValueParser.TEXT,
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(USER_AGENTS, REFERERS);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "A list that can't be read closes every route (503); of a repeated field every line"
        + " counts.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    check(USER_AGENTS, values, proxy);
    check(REFERERS, values, proxy);
  }

  private static void check(Setting<String> list, Values values, ProxyDraft proxy) {
    try {
      BlockList.parse(values.get(list));
    } catch (PatternException e) {
      proxy.report(
          Problem.Level.ERROR,
          list,
          e.getMessage() + ", so every route answers 503",
          "correct the expression or remove the entry");
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var userAgents = values.get(USER_AGENTS);
    var referers = values.get(REFERERS);
    if (!userAgents.isEmpty() || !referers.isEmpty()) {
      route.filter(new BlockedClients(userAgents, referers));
    }
  }
}
