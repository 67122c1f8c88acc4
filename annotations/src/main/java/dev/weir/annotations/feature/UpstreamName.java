package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.CharacterClass;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.TemplateParser;
import dev.weir.dataplane.model.UpstreamHost;
import java.util.List;

/** {@code upstream-vhost}: the host that the backend is asked for. */
public final class UpstreamName implements AnnotationFeature {
  private static final Template NONE = new Template(List.of());

  private static final Setting<Template> HOST =
      new Setting<>(
          Setting.Names.annotation("upstream-vhost"),
          NONE,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DROP,
          UpstreamName::host,
          "The Host that the backend is asked for; variables are allowed.");

  private static Template host(String text) throws InvalidValueException {
    try {
      return TemplateParser.parse(CharacterClass.SERVER_NAME.parse(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("variables that there are, but: " + e.getMessage());
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(HOST);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var host = values.get(HOST);
    if (!host.equals(NONE)) {
      route.filter(new UpstreamHost(host));
    }
  }
}
