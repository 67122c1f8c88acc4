package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.CookieRule;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.CookieRewrite;
import java.util.List;

/** {@code proxy-cookie-domain}, {@code proxy-cookie-path}: cookies of the Service are changed. */
public final class CookieRewriting implements AnnotationFeature {
  private static final Setting<CookieRule> DOMAIN =
      setting(
          "proxy-cookie-domain",
          CookieRule::domain,
          "Domain of the Service's cookies, or ~ and an expression, and what replaces it; or off.");
  private static final Setting<CookieRule> PATH =
      setting(
          "proxy-cookie-path",
          CookieRule::path,
          "Beginning of the path of the Service's cookies, or ~ and an expression for all of it,"
              + " and what replaces it; or off.");

  private static Setting<CookieRule> setting(
      String name, ValueParser<CookieRule> parser, String doc) {
    return new Setting<>(
        Setting.Names.both(name),
        CookieRule.OFF,
        Scope.ROUTE,
        Risk.MEDIUM,
        WhenInvalid.DEFAULT,
        parser,
        doc);
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(DOMAIN, PATH);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "Expressions, variables and a second word in quotes, such as \"/; Secure\", are taken in"
        + " annotations, too; expressions are RE2's.";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var domain = values.get(DOMAIN).rule();
    var path = values.get(PATH).rule();
    if (domain != null || path != null) {
      route.filter(new CookieRewrite(domain, path));
    }
  }
}
