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
import dev.weir.dataplane.model.AppRoot;
import dev.weir.dataplane.model.Template;
import dev.weir.dataplane.model.TemplateParser;
import java.util.List;

/**
 * {@code app-root}: {@code /} of the host is redirected. Each route says what it wishes; of a
 * host's routes the first in order has its way.
 */
public final class ApplicationRoot implements AnnotationFeature {
  private static final Template NONE = new Template(List.of());

  private static final Setting<Template> ROOT =
      new Setting<>(
          Setting.Names.annotation("app-root"),
          NONE,
          Scope.HOST,
          Risk.MEDIUM,
          WhenInvalid.DEFAULT,
          ApplicationRoot::path,
          "Where / of the host is redirected to: a path.");

  private static Template path(String text) throws InvalidValueException {
    if (!text.startsWith("/") || text.startsWith("//")) {
      throw new InvalidValueException("a path that begins with one slash");
    }
    try {
      return TemplateParser.parse(CharacterClass.PATH_WITH_CAPTURES.parse(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException("variables that there are, but: " + e.getMessage());
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(ROOT);
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    var root = values.get(ROOT);
    if (!root.equals(NONE) && !route.forUnknownHosts()) {
      route.filter(new AppRoot(root));
    }
  }
}
