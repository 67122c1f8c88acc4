package dev.weir.controller.loop;

import dev.weir.controller.resource.ConfigMapResource;
import dev.weir.controller.resource.EndpointsResource;
import dev.weir.controller.resource.IngressClassResource;
import dev.weir.controller.resource.IngressResource;
import dev.weir.controller.resource.Kind;
import dev.weir.controller.resource.Meta;
import dev.weir.controller.resource.NamespaceResource;
import dev.weir.controller.resource.ObjectKey;
import dev.weir.controller.resource.ObjectRef;
import dev.weir.controller.resource.SecretBytes;
import dev.weir.controller.resource.SecretResource;
import dev.weir.controller.resource.ServiceResource;
import dev.weir.tls.SelfSignedCertificate;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the records that tests of the loop are about. */
final class Objects {
  private Objects() {}

  static ObjectKey key(Kind kind, String namespace, String name) {
    return new ObjectKey(kind, namespace, name);
  }

  static Meta meta(Kind kind, String namespace, String name, int uid, int age) {
    return meta(kind, namespace, name, uid, age, Map.of());
  }

  static Meta meta(
      Kind kind, String namespace, String name, int uid, int age, Map<String, String> notes) {
    return new Meta(
        new ObjectRef(key(kind, namespace, name), "uid-" + uid),
        Instant.ofEpochSecond(1_000_000 - age),
        "",
        false,
        Map.of(),
        notes);
  }

  static IngressClassResource ingressClass() {
    return new IngressClassResource(
        meta(Kind.INGRESS_CLASS, "", "nginx", 1, 0), "k8s.io/ingress-nginx");
  }

  static NamespaceResource namespace(String name, boolean deleting) {
    var meta = meta(Kind.NAMESPACE, "", name, 1, 0);
    return new NamespaceResource(
        new Meta(meta.ref(), meta.created(), "", deleting, Map.of(), Map.of()));
  }

  static IngressResource ingress(
      Meta meta, List<IngressResource.Rule> rules, List<IngressResource.Tls> tls) {
    return new IngressResource(meta, "nginx", Optional.empty(), tls, rules);
  }

  static IngressResource.Rule rule(String host, String path, String service) {
    return new IngressResource.Rule(
        host,
        List.of(
            new IngressResource.Path(
                path, IngressResource.PathType.PREFIX, backend(service), "spec.rules[0]")));
  }

  static IngressResource.Backend backend(String service) {
    return new IngressResource.Backend.OfService(service, new IngressResource.PortRef.Number(80));
  }

  static ServiceResource service(String namespace, String name, int uid) {
    return new ServiceResource(
        meta(Kind.SERVICE, namespace, name, uid, 0),
        ServiceResource.Type.CLUSTER_IP,
        "",
        "10.96.0.1",
        List.of(new ServiceResource.Port("http", 80, "8080", "TCP")));
  }

  static EndpointsResource endpoints(
      String namespace, String slice, String service, List<String> ips) {
    return new EndpointsResource(
        meta(Kind.ENDPOINTS, namespace, slice, 1, 0),
        service,
        List.of(
            new EndpointsResource.Group(
                List.of(new EndpointsResource.Port("http", 8080, "TCP")),
                ips.stream()
                    .map(
                        ip -> new EndpointsResource.Address(ip, true, true, false, "pod-" + ip, ""))
                    .toList())));
  }

  static ConfigMapResource settings(Map<String, String> data) {
    return new ConfigMapResource(meta(Kind.CONFIG_MAP, "weir", "weir", 1, 0), data);
  }

  static ConfigMapResource configMap(String namespace, String name, Map<String, String> data) {
    return new ConfigMapResource(meta(Kind.CONFIG_MAP, namespace, name, 1, 0), data);
  }

  static SecretResource tlsSecret(
      String namespace, String name, int uid, Map<String, SecretBytes> data) {
    return new SecretResource(
        meta(Kind.SECRET, namespace, name, uid, 0), "kubernetes.io/tls", data);
  }

  /** {@code tls.crt} and {@code tls.key} of a new certificate for a DNS name. */
  static Map<String, SecretBytes> pair(String dnsName) {
    var certificate = SelfSignedCertificate.forHost(dnsName, Clock.systemUTC());
    return Map.of(
        "tls.crt",
        pem("CERTIFICATE", encoded(certificate.chain().getFirst())),
        "tls.key",
        pem("PRIVATE KEY", certificate.key().getEncoded()));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecretBytes pem(String label, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return SecretBytes.of(
        "-----BEGIN %s-----\n%s\n-----END %s-----\n"
            .formatted(label, text, label)
            .getBytes(StandardCharsets.US_ASCII));
  }
}
