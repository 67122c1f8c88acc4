package dev.weir.controller.source;

import java.util.Set;

/**
 * How the API server is reached and what is read there. Texts are empty where a flag is absent.
 *
 * @param kubeconfig {@code --kubeconfig}: a file; absent inside a pod
 * @param apiServerHost {@code --apiserver-host}: overrides the address of the kubeconfig or pod
 * @param certificateAuthority {@code --certificate-authority}: a PEM file, used with {@code
 *     --apiserver-host}
 * @param watchNamespace {@code --watch-namespace}: absent for all
 * @param alsoNamespaces where Services, their endpoints, Secrets and ConfigMaps are read besides
 *     the watched namespace: those of the objects that flags point at ({@code --configmap}, {@code
 *     --default-ssl-certificate}, …). Of no effect when all are watched
 */
public record ApiServerOptions(
    String kubeconfig,
    String apiServerHost,
    String certificateAuthority,
    String watchNamespace,
    Set<String> alsoNamespaces) {

  public ApiServerOptions {
    alsoNamespaces = Set.copyOf(alsoNamespaces);
  }

  /** All namespaces, by a kubeconfig file. */
  public static ApiServerOptions of(String kubeconfig) {
    return new ApiServerOptions(kubeconfig, "", "", "", Set.of());
  }
}
