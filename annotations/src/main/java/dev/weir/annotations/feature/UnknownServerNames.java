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

/** {@code ssl-reject-handshake}: who asks for a host that nobody has isn't shown a certificate. */
public final class UnknownServerNames implements AnnotationFeature {
  private static final Setting<Boolean> REJECT =
      new Setting<>(
          Setting.Names.configMap("ssl-reject-handshake"),
          false,
          Scope.PROXY,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          Booleans::parse,
          "Whether server names that no host has, and clients that send none, get no handshake.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(REJECT);
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    proxy.tls(proxy.tls().rejectUnknown(values.get(REJECT)));
  }
}
