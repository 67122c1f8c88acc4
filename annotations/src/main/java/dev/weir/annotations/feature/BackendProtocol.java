package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Choice;
import java.util.List;

/**
 * {@code backend-protocol}: what the endpoints speak. Only HTTP is spoken yet; others are refused.
 */
public final class BackendProtocol implements AnnotationFeature {
  private enum Protocol {
    HTTP,
    HTTPS,
    AUTO_HTTP,
    GRPC,
    GRPCS,
    FCGI
  }

  private static final Setting<Protocol> PROTOCOL =
      new Setting<>(
          Setting.Names.annotation("backend-protocol"),
          Protocol.HTTP,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Choice.anyCase(Protocol.class),
          "What the endpoints speak.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(PROTOCOL);
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
  public void applyRoute(Values values, RouteDraft route) {
    var protocol = values.get(PROTOCOL);
    // The proxy's own default backend speaks HTTP whatever an Ingress says of its Services.
    if (protocol != Protocol.HTTP && route.kind() != RouteDraft.Kind.GLOBAL_DEFAULT) {
      route.refuse(PROTOCOL, protocol + " is not spoken yet");
    }
  }
}
