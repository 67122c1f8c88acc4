package dev.weir.e2e.bench;

import dev.weir.e2e.apiserver.FakeApiServer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Fills an API server: an Ingress, a Service and an EndpointSlice for each host, some with TLS. */
final class ScaleCluster {
  private final FakeApiServer api;
  private final List<EchoBackend> backends;

  ScaleCluster(FakeApiServer api, List<EchoBackend> backends) {
    this.api = api;
    this.backends = backends;
  }

  static String host(int i) {
    return "h" + i + ".bench.example.com";
  }

  void fill(int ingresses, int secrets) {
    api.apply(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"nginx"},\
        "spec":{"controller":"k8s.io/ingress-nginx"}}\
        """);
    api.apply(
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"weir","namespace":"bench"},\
        "data":{"keep-alive-requests":"0","ssl-redirect":"false","disable-access-log":"true"}}\
        """);
    for (int i = 0; i < secrets; i++) {
      secret(i);
    }
    for (int i = 0; i < ingresses; i++) {
      service(i);
      endpoints(i, 1);
      ingress(i, "/", i < secrets);
    }
  }

  void setting(String key, String value) {
    api.apply(
        """
        {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"weir","namespace":"bench"},\
        "data":{"keep-alive-requests":"0","ssl-redirect":"false","disable-access-log":"true",\
        "%s":"%s"}}\
        """
            .formatted(key, value));
  }

  void service(int i) {
    api.apply(
        """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"s%d","namespace":"bench"},\
        "spec":{"clusterIP":"10.96.0.1","ports":[{"name":"http","port":80,"targetPort":8080}]}}\
        """
            .formatted(i));
  }

  /** Gives a Service its {@code count} endpoints, beginning with a different one each. */
  void endpoints(int i, int count) {
    var addresses = new StringBuilder();
    for (int k = 0; k < count; k++) {
      addresses
          .append(k == 0 ? "" : ",")
          .append("{\"addresses\":[\"127.0.0.1\"],\"conditions\":{\"ready\":true}}");
    }
    api.apply(
        """
        {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"s%d-x",\
        "namespace":"bench","labels":{"kubernetes.io/service-name":"s%d"}},"addressType":"IPv4",\
        "ports":[{"name":"http","port":%d}],"endpoints":[%s]}\
        """
            .formatted(i, i, backends.get(i % backends.size()).port(), addresses));
  }

  void ingress(int i, String path, boolean tls) {
    api.apply(
        """
        {"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{"name":"i%d",\
        "namespace":"bench","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{\
        "ingressClassName":"nginx",%s"rules":[{"host":"%s","http":{"paths":[{"path":"%s",\
        "pathType":"Prefix","backend":{"service":{"name":"s%d","port":{"number":80}}}}]}}]}}\
        """
            .formatted(
                i,
                tls
                    ? "\"tls\":[{\"hosts\":[\"" + host(i) + "\"],\"secretName\":\"c" + i + "\"}],"
                    : "",
                host(i),
                path,
                i));
  }

  private void secret(int i) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      var pair = generator.generateKeyPair();
      var name = new X500Name("CN=" + host(i));
      var now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(i + 1L),
              Date.from(now.minus(Duration.ofDays(1))),
              Date.from(now.plus(Duration.ofDays(90))),
              name,
              pair.getPublic());
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.dNSName, host(i))));
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      api.apply(
          """
          {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/tls","metadata":{"name":"c%d",\
          "namespace":"bench"},"data":{"tls.crt":"%s","tls.key":"%s"}}\
          """
              .formatted(
                  i,
                  pem("CERTIFICATE", builder.build(signer).getEncoded()),
                  pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    var pem = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, text, label);
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
  }
}
