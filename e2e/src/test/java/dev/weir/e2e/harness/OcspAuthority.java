package dev.weir.e2e.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Issues certificates, and tells by OCSP on a port of its own whether they are revoked. */
public final class OcspAuthority implements AutoCloseable {
  private static final X500Name NAME = new X500Name("CN=Authority");

  private final boolean good;
  private final HttpServer responder;
  private final KeyPair keys;
  private final String certificate;

  /**
   * Starts.
   *
   * @param good what it says of every certificate; else it is revoked
   */
  public OcspAuthority(boolean good) {
    this.good = good;
    try {
      keys = pair();
      certificate = KeyPairPem.pem(certify(NAME, keys));
      responder = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
      responder.createContext("/", this::answer);
      responder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KeyPair pair() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A new certificate for these names, followed by the authority's, and its key. */
  public KeyPairPem issue(String... names) {
    var own = pair();
    try {
      var leaf = certify(new X500Name("CN=" + names[0]), own, names);
      return new KeyPairPem(
          KeyPairPem.pem(leaf) + certificate,
          KeyPairPem.pkcs8(own.getPrivate()),
          leaf.getSerialNumber());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private X509CertificateHolder certify(X500Name subject, KeyPair of, String... names)
      throws IOException {
    var now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            NAME,
            new BigInteger(64, new SecureRandom()).add(BigInteger.ONE),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofDays(30))),
            subject,
            of.getPublic());
    if (names.length > 0) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              Stream.of(names)
                  .map(name -> new GeneralName(GeneralName.dNSName, name))
                  .toArray(GeneralName[]::new)));
      var url = "http://127.0.0.1:" + responder.getAddress().getPort() + "/ocsp";
      builder.addExtension(
          Extension.authorityInfoAccess,
          false,
          new AuthorityInformationAccess(
              AccessDescription.id_ad_ocsp,
              new GeneralName(GeneralName.uniformResourceIdentifier, url)));
    }
    return builder.build(signer());
  }

  private ContentSigner signer() {
    try {
      return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
    } catch (OperatorException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var question = new OCSPReq(exchange.getRequestBody().readAllBytes());
      var now = Instant.now();
      var basic =
          new BasicOCSPRespBuilder(new RespID(NAME))
              .addResponse(
                  question.getRequestList()[0].getCertID(),
                  good ? CertificateStatus.GOOD : new RevokedStatus(Date.from(now)),
                  Date.from(now),
                  Date.from(now.plus(Duration.ofHours(1))),
                  null)
              .build(signer(), new X509CertificateHolder[0], Date.from(now));
      var reply = new OCSPRespBuilder().build(OCSPResp.SUCCESSFUL, basic).getEncoded();
      exchange.sendResponseHeaders(200, reply.length);
      exchange.getResponseBody().write(reply);
    } catch (OCSPException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    responder.stop(0);
  }
}
