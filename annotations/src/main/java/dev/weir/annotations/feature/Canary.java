package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.IngressDraft;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import java.util.List;

/** {@code canary}: an Ingress that only offers another backend for a path that exists already. */
public final class Canary implements AnnotationFeature {
  private static final Setting<Boolean> CANARY =
      new Setting<>(
          Setting.Names.annotation("canary"),
          false,
          Scope.INGRESS,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether this Ingress only offers another backend for paths of others.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(CANARY);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.LATER;
  }

  @Override
  public void applyIngress(Values values, IngressDraft ingress) {
    if (values.get(CANARY)) {
      ingress.makeNoRoutes();
      ingress.report(
          Problem.Level.WARNING,
          CANARY,
          "canaries get no requests yet; this Ingress makes no routes",
          "");
    }
  }
}
