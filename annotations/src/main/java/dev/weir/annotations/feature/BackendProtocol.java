package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Risk;
import dev.weir.annotations.RouteDraft;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Choice;
import java.util.List;

/**
 * {@code backend-protocol}: what the endpoints speak (ingress-nginx.md 1.3, 63). GRPC, GRPCS and
 * FCGI are refused yet.
 */
public final class BackendProtocol implements AnnotationFeature {
  enum Protocol {
    HTTP,
    HTTPS,
    AUTO_HTTP,
    GRPC,
    GRPCS,
    FCGI
  }

  static final Setting<Protocol> PROTOCOL =
      new Setting<>(
          Setting.Names.annotation("backend-protocol"),
          Protocol.HTTP,
          Scope.ROUTE,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Choice.anyCase(Protocol.class),
          "What the endpoints speak: HTTP, HTTPS, or AUTO_HTTP for what the client speaks.");

  /** Whether TLS is never spoken to the endpoints of an Ingress's paths. */
  static boolean plain(Values values) {
    return values.get(PROTOCOL) == Protocol.HTTP;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(PROTOCOL);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "GRPC, GRPCS and FCGI are not spoken yet: 503. A reply over TLS whose end is the"
        + " connection's needs close_notify; without it is cut off for the client, too.";
  }

  @Override
  public void applyRoute(Values values, RouteDraft route) {
    if (route.kind() == RouteDraft.Kind.GLOBAL_DEFAULT) {
      // The proxy's own default backend speaks HTTP whatever an Ingress says of its Services.
      return;
    }
    var protocol = values.get(PROTOCOL);
    switch (protocol) {
      case HTTP -> route.speech(RouteDraft.Speech.HTTP);
      case HTTPS -> route.speech(RouteDraft.Speech.HTTPS);
      case AUTO_HTTP -> route.speech(RouteDraft.Speech.AS_CLIENT);
      case GRPC, GRPCS, FCGI -> route.refuse(PROTOCOL, protocol + " is not spoken yet");
    }
  }
}
