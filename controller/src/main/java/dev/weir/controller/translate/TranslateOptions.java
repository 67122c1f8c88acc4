package dev.weir.controller.translate;

import dev.weir.annotations.DraftContext;
import dev.weir.controller.resource.ClusterView;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.tls.ServerCertificate;
import java.util.Optional;

/**
 * What the command line decides about translation; fixed for the life of the process.
 *
 * @param classes which Ingresses are ours
 * @param namespaces where Ingresses are looked at
 * @param references objects that flags name
 * @param switches flags that turn something on or off
 * @param annotationsPrefix {@code --annotations-prefix}, without slash
 * @param healthCheckPath {@code --health-check-path}: answered 200 where no host matches
 */
public record TranslateOptions(
    Classes classes,
    WatchedNamespaces namespaces,
    References references,
    Switches switches,
    String annotationsPrefix,
    String healthCheckPath) {

  /** ingress-nginx's defaults, no ConfigMap, no default backend. */
  public static final TranslateOptions DEFAULT =
      new TranslateOptions(
          Classes.DEFAULT,
          new WatchedNamespaces.All(),
          References.NONE,
          Switches.DEFAULT,
          "nginx.ingress.kubernetes.io",
          "/healthz");

  /** What drafts of settings in {@code namespace} share. */
  DraftContext draftContext(String namespace, ClusterView view) {
    return draftContext(namespace, "", view);
  }

  /** What drafts of an Ingress share. */
  DraftContext draftContext(String namespace, String ingress, ClusterView view) {
    return new DraftContext(
        new ViewReferences(namespace, ingress, view),
        annotationsPrefix,
        switches.unenforced() == UnenforcedProtection.CLOSE);
  }

  /**
   * Which Ingresses are ours (ingress-nginx.md 4.1).
   *
   * @param controller {@code --controller-class}: the {@code spec.controller} of our IngressClasses
   * @param name {@code --ingress-class}: the value of the annotation {@code
   *     kubernetes.io/ingress.class}
   * @param byName {@code --ingress-class-by-name}: an IngressClass of that name is ours, too
   * @param withoutClass {@code --watch-ingress-without-class}
   */
  public record Classes(String controller, String name, boolean byName, boolean withoutClass) {
    /** {@code k8s.io/ingress-nginx}, {@code nginx}. */
    public static final Classes DEFAULT =
        new Classes("k8s.io/ingress-nginx", "nginx", false, false);
  }

  /**
   * Objects that flags name.
   *
   * @param settings {@code --configmap}
   * @param defaultBackend {@code --default-backend-service}; its first port is used
   * @param defaultCertificate {@code --default-ssl-certificate}
   * @param fallbackCertificate the certificate made at start, shown where no other is valid; empty
   *     where nothing serves, as in {@code check}
   */
  public record References(
      Optional<ObjectKey> settings,
      Optional<ObjectKey> defaultBackend,
      Optional<ObjectKey> defaultCertificate,
      Optional<ServerCertificate> fallbackCertificate) {
    /** Nothing is named. */
    public static final References NONE =
        new References(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * The object that a flag's value {@code namespace/name} names.
     *
     * @throws IllegalArgumentException if the value has another form; its message says so
     */
    public static ObjectKey key(Kind kind, String value) {
      int slash = value.indexOf('/');
      if (slash < 1 || slash == value.length() - 1 || value.indexOf('/', slash + 1) >= 0) {
        throw new IllegalArgumentException("\"" + value + "\" (expected: namespace/name)");
      }
      return new ObjectKey(kind, value.substring(0, slash), value.substring(slash + 1));
    }
  }

  /**
   * Flags that turn something on or off.
   *
   * @param disableCatchAll {@code --disable-catch-all}: Ingresses with {@code spec.defaultBackend}
   *     are not served
   * @param disableExternalName {@code --disable-svc-external-name}
   * @param deepInspect {@code --deep-inspect}: Ingresses whose hosts, paths or Secret names look
   *     like an injection are not served
   * @param allowLoopback ExternalName Services may name this machine (folders of manifests only)
   * @param unenforced what becomes of a route whose protection can't be enforced
   */
  public record Switches(
      boolean disableCatchAll,
      boolean disableExternalName,
      boolean deepInspect,
      boolean allowLoopback,
      UnenforcedProtection unenforced) {
    /** As ingress-nginx; unenforced protection closes. */
    public static final Switches DEFAULT =
        new Switches(false, false, true, false, UnenforcedProtection.CLOSE);
  }

  /** What becomes of a route whose protection can't be enforced. */
  public enum UnenforcedProtection {
    /** It answers 503. */
    CLOSE,
    /** It is served as if the protection weren't there, with a finding. */
    WARN
  }
}
