package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.Booleans;
import java.util.List;
import java.util.stream.Stream;

/** {@code from-to-www-redirect}: the host's name with, or without, {@code www.} leads to it. */
public final class WwwRedirect implements AnnotationFeature {
  private static final Setting<Boolean> ON =
      new Setting<>(
          Setting.Names.annotation("from-to-www-redirect"),
          false,
          Scope.HOST,
          Risk.LOW,
          WhenInvalid.DROP,
          Booleans::parse,
          "Whether the same name with www., or without, is redirected to the host.");

  @Override
  public List<Setting<?>> settings() {
    return List.of(ON);
  }

  @Override
  public void applyHost(Values values, HostDraft host) {
    if (values.get(ON)) {
      host.redirectTwin(
          new HostDraft.Twin(
              values.get(SslRedirects.STATUS),
              Stream.concat(
                      StrictTransport.filters(values).stream(),
                      ReplyHeaders.everywhere(values, host.references()).stream())
                  .toList()));
    }
  }
}
