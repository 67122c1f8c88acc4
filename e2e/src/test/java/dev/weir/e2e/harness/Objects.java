package dev.weir.e2e.harness;

import dev.weir.e2e.backend.Backend;
import dev.weir.e2e.backend.Backends;
import java.util.List;
import java.util.stream.Collectors;

/** Texts of the objects that nearly every test needs; all in the namespace {@code default}. */
public final class Objects {
  /** The class that the program serves without flags. */
  public static final String INGRESS_CLASS =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: IngressClass
      metadata: {name: nginx}
      spec: {controller: k8s.io/ingress-nginx}
      """;

  private Objects() {}

  /** A Service with port 80 named http, and its one ready endpoint. */
  public static String service(Backend backend) {
    return service(backend.name(), List.of(backend.address()), backend.port());
  }

  /** A Service with port 80 named http, and an EndpointSlice with all of these ready. */
  public static String service(String name, Backends backends) {
    return service(name, backends.addresses(), backends.port());
  }

  /** A Service with port 80 named http, and an EndpointSlice with these addresses, ready. */
  public static String service(String name, List<String> addresses, int port) {
    return serviceAlone(name) + endpoints(name, addresses, port);
  }

  /** A Service with port 80 named http. */
  public static String serviceAlone(String name) {
    return """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default}
    spec:
      clusterIP: 10.96.0.10
      ports: [{name: http, port: 80, targetPort: 8080}]
    """
        .formatted(name);
  }

  /** The EndpointSlice of a Service of these objects. */
  public static String endpoints(String service, List<String> addresses, int port) {
    var list =
        addresses.stream()
            .map(address -> "{addresses: [\"" + address + "\"], conditions: {ready: true}}")
            .collect(Collectors.joining(", "));
    return """
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: %1$s-1
      namespace: default
      labels: {kubernetes.io/service-name: %1$s}
    addressType: %4$s
    ports: [{name: http, port: %2$d, protocol: TCP}]
    endpoints: [%3$s]
    """
        .formatted(
            service,
            port,
            list,
            addresses.stream().anyMatch(a -> a.contains(":")) ? "IPv6" : "IPv4");
  }

  /** An Ingress of one host whose path {@code /} leads to port 80 of a Service. */
  public static String ingress(String name, String host, String service) {
    return Ingress.named(name).host(host).prefix("/", service).yaml();
  }

  /** A TLS Secret. */
  public static String secret(String name, KeyPairPem pair) {
    return """
    ---
    apiVersion: v1
    kind: Secret
    metadata: {name: %s, namespace: default}
    type: kubernetes.io/tls
    data:
      tls.crt: %s
      tls.key: %s
    """
        .formatted(name, pair.certificateBase64(), pair.keyBase64());
  }

  /** A ConfigMap {@code default/weir} with one line of data, which {@code --configmap} may name. */
  public static String configMap(String data) {
    return """
    ---
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: weir, namespace: default}
    data: {%s}
    """
        .formatted(data);
  }
}
