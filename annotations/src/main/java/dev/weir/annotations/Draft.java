package dev.weir.annotations;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that features complete, and the problems that they meet on the way. Belongs to one
 * compile.
 */
public sealed class Draft permits HostDraft, IngressDraft, ProxyDraft, RouteDraft, UpstreamDraft {
  private final DraftContext context;
  private final List<Problem> problems = new ArrayList<>();
  private Optional<String> denied = Optional.empty();

  Draft(DraftContext context) {
    this.context = context;
  }

  /** Other objects. */
  public final References references() {
    return context.references();
  }

  /** The problems so far, in order. */
  public final List<Problem> problems() {
    return List.copyOf(problems);
  }

  /** Reports something wrong with a setting's annotation. */
  public final void report(Problem.Level level, Setting<?> setting, String message, String hint) {
    problems.add(new Problem(level, context.annotation(setting), message, hint));
  }

  /** Why this answers 503; empty if it doesn't. The first reason stays. */
  public final Optional<String> denied() {
    return denied;
  }

  /**
   * Closes what a protection guards, because the protection can't be enforced. Where the operator
   * prefers to serve it open, it is only reported. What the ConfigMap asks for is reported with the
   * ConfigMap, not with each Ingress.
   *
   * @param why what is the matter, continuing the setting's name: {@code is not enforced yet}
   */
  protected final void close(Values values, Setting<?> setting, String why) {
    boolean annotated = values.present(setting);
    if (annotated) {
      reportClosed(setting, why);
    }
    if (context.closing()) {
      answer503(
          annotated
              ? setting.name() + " " + why
              : "ConfigMap key " + setting.names().configMapKey() + " " + why);
    }
  }

  /** Reports that the ConfigMap asks for a protection that can't be enforced. */
  final void reportClosedEverywhere(Setting<?> setting, String why) {
    var key = setting.names().configMapKey();
    problems.add(
        context.closing()
            ? new Problem(
                Problem.Level.ERROR,
                key,
                why + ", so every route that it protects answers 503",
                "remove the key, or start with --unenforced-protection=warn to serve without it")
            : new Problem(
                Problem.Level.WARNING, key, why + "; served without it", "remove the key"));
  }

  /** Reports something wrong with a key of the ConfigMap. */
  final void reportWithKey(Problem.Level level, Setting<?> setting, String message, String hint) {
    problems.add(new Problem(level, setting.names().configMapKey(), message, hint));
  }

  final void answer503(String reason) {
    if (denied.isEmpty()) {
      denied = Optional.of(reason);
    }
  }

  private void reportClosed(Setting<?> setting, String why) {
    if (context.closing()) {
      report(
          Problem.Level.ERROR,
          setting,
          why + ", so what it protects answers 503",
          "remove the annotation, or start with --unenforced-protection=warn to serve without it");
    } else {
      report(Problem.Level.WARNING, setting, why + "; served without it", "remove the annotation");
    }
  }
}
