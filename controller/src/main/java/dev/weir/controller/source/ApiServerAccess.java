package dev.weir.controller.source;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.internal.CertUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Map;

/**
 * Address and credentials of an API server, and the HTTP client made of them. Whoever opens it
 * closes it, after everything that uses it.
 *
 * <p>May be used from any thread.
 */
public final class ApiServerAccess implements AutoCloseable {
  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private final Config config;
  private final HttpClient client;

  private ApiServerAccess(Config config, HttpClient client) {
    this.config = config;
    this.client = client;
  }

  /**
   * Reads the configuration; opens no connection.
   *
   * @throws SourceException if there is no usable configuration
   */
  public static ApiServerAccess open(ApiServerOptions options) throws SourceException {
    return open(options, System.getenv(), SERVICE_ACCOUNT);
  }

  static ApiServerAccess open(
      ApiServerOptions options, Map<String, String> environment, Path serviceAccount)
      throws SourceException {
    var config = base(options, environment, serviceAccount);
    if (!options.apiServerHost().isEmpty()) {
      config.setMasterUrl(options.apiServerHost());
      if (!options.certificateAuthority().isEmpty()) {
        config.setCaCertData(null);
        config.setCaCertFile(options.certificateAuthority());
      }
    }
    return open(common(config), options);
  }

  private static ApiServerAccess open(Config config, ApiServerOptions options)
      throws SourceException {
    try {
      requireAddress(config.getMasterUrl());
      requireCertificates(config);
      var client = new JdkHttpClientFactory().newBuilder(config).build();
      return new ApiServerAccess(config, client);
    } catch (KubernetesClientException | IllegalArgumentException e) {
      throw new SourceException(
          "The API server's configuration"
              + (options.kubeconfig().isEmpty() ? "" : " in " + options.kubeconfig())
              + " can't be used: "
              + ApiFailure.reason(e));
    }
  }

  private static Config base(
      ApiServerOptions options, Map<String, String> environment, Path serviceAccount)
      throws SourceException {
    if (!options.kubeconfig().isEmpty()) {
      return kubeconfig(Path.of(options.kubeconfig()));
    }
    var host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    if (!host.isEmpty()) {
      var port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
      return inCluster(host, port, serviceAccount);
    }
    if (!options.apiServerHost().isEmpty()) {
      return Config.empty();
    }
    throw new SourceException(
        "No API server to read from: this is no pod (KUBERNETES_SERVICE_HOST is not set) and"
            + " neither --kubeconfig nor --apiserver-host is given; give --kubeconfig FILE, or"
            + " --manifests DIR to serve a folder without a cluster");
  }

  private static Config kubeconfig(Path file) throws SourceException {
    Config config;
    try {
      Files.newInputStream(file).close();
      config = Config.fromKubeconfig(file.toFile());
    } catch (IOException e) {
      throw new SourceException(
          "The file of --kubeconfig, " + file + ", can't be read: " + ApiFailure.reason(e));
    } catch (RuntimeException e) {
      throw new SourceException(
          "The file of --kubeconfig, " + file + ", is no kubeconfig: " + ApiFailure.reason(e));
    }
    if (config.getCurrentContext() == null || config.getCurrentContext().getContext() == null) {
      throw new SourceException(
          "The file of --kubeconfig, "
              + file
              + ", has no current context; choose one: kubectl config use-context NAME");
    }
    return config;
  }

  private static Config inCluster(String host, String port, Path serviceAccount)
      throws SourceException {
    var token = serviceAccount.resolve("token");
    if (!Files.isReadable(token)) {
      throw new SourceException(
          "This pod has no service account token ("
              + token
              + " can't be read); set automountServiceAccountToken: true");
    }
    var address = "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    var authority = serviceAccount.resolve("ca.crt");
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(address)
        .withCaCertFile(Files.isReadable(authority) ? authority.toString() : null)
        // Read for each request: the kubelet replaces the token about every hour.
        .withOauthTokenProvider(() -> read(token))
        .build();
  }

  private static String read(Path token) {
    try {
      return Files.readString(token).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Config common(Config config) {
    // Over HTTP/2 all watches share one connection, and the JDK's client neither pings it nor
    // leaves
    // it when a stream is cut: a half-open connection would stall every retry. HTTP/1.1 closes it.
    config.setHttp2Disable(true);
    // The loop does its own retries, which know what an answer means.
    config.setRequestRetryBackoffLimit(0);
    config.setConnectionTimeout(5_000);
    config.setUserAgent("weir");
    return config;
  }

  private static void requireAddress(String address) {
    var uri = URI.create(address);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "the address \"" + address + "\" is not of the form https://HOST:PORT");
    }
  }

  /** Without this, an authority that isn't one shows only as a failing handshake. */
  private static void requireCertificates(Config config) {
    if (config.getCaCertData() == null && config.getCaCertFile() == null) {
      return;
    }
    try (var authority =
        CertUtils.getInputStreamFromDataOrFile(config.getCaCertData(), config.getCaCertFile())) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(authority).isEmpty()) {
        throw new IllegalArgumentException("the certificate authority holds no certificate");
      }
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException("certificate authority: " + ApiFailure.reason(e), e);
    }
  }

  /** For clients of fabric8's model, such as the status writer. */
  public Config config() {
    return config;
  }

  /** The server's address without a slash at its end. */
  public String address() {
    var url = config.getMasterUrl();
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  HttpClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
