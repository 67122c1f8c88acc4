package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.List;

/**
 * {@code ssl-passthrough}: TLS ends at the Service, which may ask for client certificates, so
 * serving the host otherwise could open it. Not done yet: closes the host.
 */
public final class Passthrough implements AnnotationFeature {
  private static final Guard GUARD =
      Guard.unlessFalse(
          Setting.Names.annotation("ssl-passthrough"),
          Scope.HOST,
          Risk.LOW,
          "Whether TLS ends at the Service.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(GUARD.setting());
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
  public void applyHost(Values values, HostDraft host) {
    if (GUARD.asked(values)) {
      host.deny(values, GUARD.setting(), "is not done yet");
    }
  }
}
