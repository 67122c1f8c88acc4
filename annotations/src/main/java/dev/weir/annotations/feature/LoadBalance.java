package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.IngressDraft;
import dev.weir.annotations.Problem;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.UpstreamDraft;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Choice;
import dev.weir.dataplane.model.Upstream.LoadBalancing;
import java.util.List;

/** {@code load-balance}: how an endpoint is chosen. Only round robin works yet. */
public final class LoadBalance implements AnnotationFeature {
  // Spelled as in manifests.
  private enum Algorithm {
    ROUND_ROBIN,
    EWMA
  }

  private static final Setting<Algorithm> ALGORITHM =
      new Setting<>(
          Setting.Names.both("load-balance"),
          Algorithm.ROUND_ROBIN,
          Scope.UPSTREAM,
          Risk.LOW,
          WhenInvalid.DROP,
          Choice.lowerCase(Algorithm.class),
          "How an endpoint is chosen: round_robin or ewma.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(ALGORITHM);
  }

  @Override
  public Disposition disposition(Setting<?> setting) {
    return Disposition.LATER;
  }

  @Override
  public void applyIngress(Values values, IngressDraft ingress) {
    if (values.source(ALGORITHM) == Values.Source.ANNOTATION
        && values.get(ALGORITHM) == Algorithm.EWMA) {
      ingress.report(
          Problem.Level.WARNING, ALGORITHM, "ewma is not in effect yet; round_robin is used", "");
    }
  }

  @Override
  public void applyUpstream(Values values, UpstreamDraft upstream) {
    upstream.balancing(
        switch (values.get(ALGORITHM)) {
          case ROUND_ROBIN, EWMA -> LoadBalancing.ROUND_ROBIN;
        });
  }
}
