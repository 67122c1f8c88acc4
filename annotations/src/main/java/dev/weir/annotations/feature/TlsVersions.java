package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Problem;
import dev.weir.annotations.ProxyDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import dev.weir.annotations.WhenInvalid;
import dev.weir.annotations.value.InvalidValueException;
import dev.weir.dataplane.model.TlsSettings;
import dev.weir.dataplane.model.TlsVersion;
import dev.weir.dataplane.model.TlsVersionList;
import java.util.List;

/** {@code ssl-protocols}: the versions of TLS that clients may speak. */
public final class TlsVersions implements AnnotationFeature {
  private static final TlsVersionList USUAL =
      new TlsVersionList(TlsSettings.DEFAULT.versions(), List.of());

  private static final Setting<TlsVersionList> VERSIONS =
      new Setting<>(
          Setting.Names.configMap("ssl-protocols"),
          USUAL,
          Scope.PROXY,
          Risk.LOW,
          WhenInvalid.DEFAULT,
          TlsVersions::parse,
          "Versions of TLS, separated by blanks.");

  private static TlsVersionList parse(String text) throws InvalidValueException {
    try {
      return TlsVersionList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidValueException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of(VERSIONS);
  }

  @Override
  public String difference(Setting<?> setting) {
    return "SSLv2 and SSLv3 are never spoken, and versions below a gap aren't; if nothing is left"
        + " the default holds. TLSv1 and TLSv1.1 need suites with SHA in ssl-ciphers, too.";
  }

  @Override
  public void applyProxy(Values values, ProxyDraft proxy) {
    var list = values.get(VERSIONS);
    var versions = list.versions().isEmpty() ? USUAL.versions() : list.versions();
    for (var unmet : list.unmet()) {
      proxy.report(
          Problem.Level.WARNING,
          VERSIONS,
          unmet
              + " can't be spoken"
              + (list.versions().isEmpty() ? "; the default holds: " + USUAL.text() : ""),
          "name versions without gap, of TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3");
    }
    var obsolete = versions.stream().filter(TlsVersion::obsolete).toList();
    if (!obsolete.isEmpty()) {
      proxy.report(
          Problem.Level.WARNING,
          VERSIONS,
          "allows " + obsolete + ", which nobody should speak any more (RFC 8996)",
          "");
    }
    proxy.tls(proxy.tls().versions(versions));
  }
}
