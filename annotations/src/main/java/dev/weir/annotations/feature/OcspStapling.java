package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import java.util.List;

/** {@code enable-ocsp}: certificates come with a proof that they are not revoked. */
public final class OcspStapling implements AnnotationFeature {
  private static final Setting<Boolean> STAPLING =
      new Setting<>(
          Setting.Names.configMap("enable-ocsp"),
          false,
          Scope.PROXY,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether certificates come with an OCSP reply of the responder that they name.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(STAPLING);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "Replies are fetched when a certificate comes and renewed at half of their time, not"
        + " kept for three days; responders are asked on port 80 only, and not on addresses of this"
        + " machine, link-local ones and those of clouds' metadata services.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    proxy.tls(proxy.tls().stapling(values.get(STAPLING)));
  }
}
