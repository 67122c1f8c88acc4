package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.CharacterClass;
import dev.weir.annotations.value.Integers;
import dev.weir.dataplane.model.RouteRedirect;
import dev.weir.dataplane.model.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code permanent-redirect}, {@code temporal-redirect} and their codes: every request of the route
 * is answered with the same redirect. The temporal one wins.
 */
public final class Redirects implements AnnotationFeature {
  private static final int FIRST_CODE = 300;

  private static final Setting<String> PERMANENT =
      new Setting<>(
          Setting.Names.annotation("permanent-redirect"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DROP,
          CharacterClass.URL::parse,
          "Where every request is redirected to for good: an address, or a path of the same host.");

  private static final Setting<Integer> PERMANENT_CODE =
      code("permanent-redirect-code", 301, "Status of the permanent redirect, 300 to 308.");

  private static final Setting<String> TEMPORAL =
      new Setting<>(
          Setting.Names.annotation("temporal-redirect"),
          "",
          Scope.ROUTE,
          Risk.MEDIUM,
          WhenInvalid.DROP,
          CharacterClass.URL::parse,
          "Where every request is redirected to for now: an address.");

  private static final Setting<Integer> TEMPORAL_CODE =
      code("temporal-redirect-code", 302, "Status of the temporal redirect, 300 to 307.");

  private static Setting<Integer> code(String name, int byDefault, String doc) {
    return new Setting<>(
        Setting.Names.annotation(name),
        byDefault,
        Scope.ROUTE,
        Risk.LOW,
        WhenInvalid.DROP,
        Integers::any,
        doc);
  }

  private static boolean isAddress(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return lower.startsWith("http://") || lower.startsWith("https://");
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(PERMANENT, PERMANENT_CODE, TEMPORAL, TEMPORAL_CODE);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(TEMPORAL)
        ? "What is no web address closes the route with 503 instead of removing the redirect."
        : "";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (route.forUnknownHosts() || route.answersChallenge()) {
      return;
    }
    var temporal = values.get(TEMPORAL);
    var permanent = values.get(PERMANENT);
    if (!temporal.isEmpty() && !isAddress(temporal)) {
      // Without its redirect the route would be open.
      route.refuse(TEMPORAL, "is no address (expected: http://... or https://...)");
    } else if (!temporal.isEmpty()) {
      int status = status(values, TEMPORAL_CODE, 307, route);
      route.filter(new RouteRedirect(status, location(temporal, route)));
    } else if (!permanent.isEmpty()) {
      int status = status(values, PERMANENT_CODE, 308, route);
      route.filter(new RouteRedirect(status, location(permanent, route)));
    }
  }

  private static int status(Values values, Setting<Integer> setting, int last, RouteDraft route) {
    int code = values.get(setting);
    if (code >= FIRST_CODE && code <= last) {
      return code;
    }
    route.report(
        Problem.Level.WARNING,
        setting,
        code
            + " is no status of a redirect (expected: 300 to "
            + last
            + "), so it is "
            + setting.defaultValue(),
        "");
    return setting.defaultValue();
  }

  /** A path becomes an address of the host that was asked, as nginx makes it one. */
  private static Template location(String target, RouteDraft route) {
    if (!target.startsWith("/") || route.redirects().relative()) {
      return new Template(List.of(new Template.Literal(target)));
    }
    var parts = new ArrayList<Template.Part>();
    parts.add(Template.Variable.SCHEME);
    parts.add(new Template.Literal("://"));
    parts.add(Template.Variable.HOST);
    if (route.redirects().withPort()) {
      parts.add(Template.Variable.REDIRECT_PORT);
    }
    parts.add(new Template.Literal(target));
    return new Template(parts);
  }
}
