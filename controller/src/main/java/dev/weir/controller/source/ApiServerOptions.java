package dev.weir.controller.source;

import dev.weir.controller.resource.Kind;
import java.util.Map;
import java.util.Set;

/**
 * How the API server is reached and what is read there. Texts are empty where a flag is absent.
 *
 * @param kubeconfig {@code --kubeconfig}: a file; absent inside a pod
 * @param apiServerHost {@code --apiserver-host}: overrides the address of the kubeconfig or pod
 * @param certificateAuthority {@code --certificate-authority}: a PEM file, used with {@code
 *     --apiserver-host}
 * @param watchNamespace {@code --watch-namespace}: absent for all
 * @param alsoRead in which namespaces a kind is read besides the watched one: those of the objects
 *     that flags point at ({@code --configmap}, {@code --default-ssl-certificate}, …). Of no effect
 *     when all are watched
 */
public record ApiServerOptions(
    String kubeconfig,
    String apiServerHost,
    String certificateAuthority,
    String watchNamespace,
    Map<Kind, Set<String>> alsoRead) {

  public ApiServerOptions {
    alsoRead = Map.copyOf(alsoRead);
  }

  /** All namespaces, by a kubeconfig file. */
  public static ApiServerOptions of(String kubeconfig) {
    return new ApiServerOptions(kubeconfig, "", "", "", Map.of());
  }
}
