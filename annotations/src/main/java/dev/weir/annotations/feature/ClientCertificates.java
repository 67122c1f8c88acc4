package dev.weir.annotations.feature;

import dev.weir.annotations.AnnotationFeature;
import dev.weir.annotations.Disposition;
import dev.weir.annotations.HostDraft;
import dev.weir.annotations.Risk;
import dev.weir.annotations.Scope;
import dev.weir.annotations.Setting;
import dev.weir.annotations.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code auth-tls-*}: clients must show a certificate. They guard the whole host, also what other
 * Ingresses serve there. Not enforced yet: closes.
 */
public final class ClientCertificates implements AnnotationFeature {
  private static final List<Guard> GUARDS = guards();

  private static List<Guard> guards() {
    var guards = new ArrayList<Guard>();
    guards.addAll(
        Guard.annotations(
            Scope.HOST, Risk.MEDIUM, "Secret with the clients' CA.", "auth-tls-secret"));
    guards.add(
        Guard.unless(
            "off",
            Setting.Names.annotation("auth-tls-verify-client"),
            Scope.HOST,
            Risk.MEDIUM,
            "on, off, optional or optional_no_ca."));
    guards.addAll(
        Guard.annotations(
            Scope.HOST,
            Risk.HIGH,
            "Who is let in, and what others see.",
            "auth-tls-match-cn",
            "auth-tls-error-page"));
    guards.addAll(
        Guard.annotations(
            Scope.HOST, Risk.LOW, "How long a chain may be.", "auth-tls-verify-depth"));
    guards.add(
        Guard.unlessFalse(
            Setting.Names.annotation("auth-tls-pass-certificate-to-upstream"),
            Scope.HOST,
            Risk.LOW,
            "Whether the Service sees the client's certificate."));
    return guards;
  }

  @Override
  public List<Setting<?>> settings() {
    return Guards.settings(GUARDS);
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
    for (var guard : GUARDS) {
      if (guard.asked(values)) {
        host.deny(values, guard.setting(), Guard.NOT_YET);
      }
    }
  }
}
