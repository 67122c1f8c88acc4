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
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.annotations.value.ValueParser;
import dev.weir.dataplane.model.LocationRewrite;
import dev.weir.dataplane.model.TextRule;
import java.util.List;

/** {@code proxy-redirect-from}, {@code proxy-redirect-to}: redirects of the Service are changed. */
public final class RedirectRewriting implements AnnotationFeature {
  private static final String OFF = "off";
  private static final String DEFAULT = "default";
  private static final String HINT = "write a prefix, or ~ and an expression with groups for $1";

  private static final Setting<String> FROM =
      setting(
          "proxy-redirect-from",
          RedirectRewriting::from,
          "Beginning of Location and Refresh of the Service's replies, or ~ and an expression for"
              + " all of it, that proxy-redirect-to replaces; or off.");
  private static final Setting<String> TO =
      setting(
          "proxy-redirect-to",
          RedirectRewriting::word,
          "What replaces proxy-redirect-from, with $1 for groups and with variables; or off.");

  private static Setting<String> setting(String name, ValueParser<String> parser, String doc) {
    return new Setting<>(
        Setting.Names.both(name), OFF, Scope.ROUTE, Risk.MEDIUM, WhenInvalid.DEFAULT, parser, doc);
  }

  private static String word(String text) throws InvalidValueException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"') {
        throw new InvalidValueException("an address or a part of one, without blanks and quotes");
      }
    }
    return text;
  }

  private static String from(String text) throws InvalidValueException {
    try {
      var _ = TextRule.beginning(word(text), "/");
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(
          "off, a beginning of addresses, or ~ and an expression, but " + e.getMessage());
    }
    return text;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(FROM, TO);
  }

  @Override
  public String difference(Setting<?> setting) {
    return setting.equals(FROM)
        ? "Expressions and variables are taken in annotations, too; expressions are RE2's. default"
            + " changes nothing: there it replaces a name that only nginx knows."
        : "";
  }

  private static boolean isOff(Values values) {
    var from = values.get(FROM);
    return from.equals(OFF) || from.equals(DEFAULT) || values.get(TO).equals(OFF);
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    try {
      var _ = isOff(values) || rule(values).text().isEmpty();
    } catch (IllegalArgumentException e) {
      proxy.reportKey(Problem.Level.WARNING, TO, fault(e), HINT);
    }
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (isOff(values)) {
      return;
    }
    try {
      route.filter(new LocationRewrite(rule(values)));
    } catch (IllegalArgumentException e) {
      boolean annotated =
          values.source(FROM) == Values.Source.ANNOTATION
              || values.source(TO) == Values.Source.ANNOTATION;
      if (annotated) {
        route.report(Problem.Level.WARNING, TO, fault(e), HINT);
      }
    }
  }

  private static TextRule rule(Values values) {
    return TextRule.beginning(values.get(FROM), values.get(TO));
  }

  private static String fault(IllegalArgumentException e) {
    return "can't be followed: " + e.getMessage() + "; redirects stay as they are";
  }
}
