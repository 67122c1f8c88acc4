package dev.weir.dataplane.tracing;

import dev.weir.dataplane.model.TracingSettings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What OpenTelemetry's own variables of the process say (its specifications "Environment Variables"
 * and "OTLP Exporter"), as far as the ConfigMap is no place for it: credentials, files with
 * certificates, and what a pod tells of itself. A variable for traces alone comes before the one
 * for all signals. Immutable.
 */
final class OtlpEnvironment {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");
  private static final String SERVICE_NAME = "service.name";

  private final Map<String, String> variables;

  OtlpEnvironment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** A certificate and its key, both as PEM. */
  record Identity(String certificate, String key) {
    byte[] certificateBytes() {
      return bytes(certificate);
    }

    byte[] keyBytes() {
      return bytes(key);
    }
  }

  /**
   * What files say of TLS, as they are now.
   *
   * @param trusted who vouches for the collector's certificate, as PEM; null for those whom the JVM
   *     trusts
   * @param own what the collector knows this proxy by; null for nothing
   */
  record Tls(@Nullable String trusted, @Nullable Identity own) {
    byte @Nullable [] trustedBytes() {
      return trusted == null ? null : bytes(trusted);
    }
  }

  /** The name that traces give this proxy: the ConfigMap's, if that gives one. */
  private String service(String configured) {
    var named = variables.getOrDefault("OTEL_SERVICE_NAME", "");
    if (!configured.equals(TracingSettings.DEFAULT.service())) {
      return configured;
    }
    return named.isEmpty() ? attributes().getOrDefault(SERVICE_NAME, configured) : named;
  }

  /**
   * What spans come from ({@code OTEL_RESOURCE_ATTRIBUTES}, {@code OTEL_SERVICE_NAME}).
   *
   * @param configured the service's name as the ConfigMap has it
   */
  Attributes resource(String configured) {
    var all = Attributes.builder();
    attributes().forEach((key, value) -> all.put(AttributeKey.stringKey(key), value));
    all.put(AttributeKey.stringKey(SERVICE_NAME), service(configured));
    return all.build();
  }

  private Map<String, String> attributes() {
    return pairs(variables.getOrDefault("OTEL_RESOURCE_ATTRIBUTES", ""));
  }

  /**
   * What each request to the collector has besides ({@code OTEL_EXPORTER_OTLP_HEADERS}).
   *
   * @throws IllegalStateException if that can't be; nothing of it is told, it may be secret
   */
  Map<String, String> headers() {
    var headers = pairs(exporter("HEADERS"));
    headers.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
            throw new IllegalStateException(
                variable("HEADERS")
                    + " has what can't be a header (expected: name=value,name=value, with"
                    + " percent-encoded values)");
          }
        });
    return headers;
  }

  /**
   * Reads the files: {@code OTEL_EXPORTER_OTLP_CERTIFICATE}, {@code _CLIENT_CERTIFICATE} and {@code
   * _CLIENT_KEY}.
   *
   * @throws IllegalStateException if one can't be read, or there is a certificate without its key,
   *     or a key alone
   */
  Tls tls() {
    return new Tls(file("CERTIFICATE"), own());
  }

  private @Nullable Identity own() {
    var certificate = file("CLIENT_CERTIFICATE");
    var key = file("CLIENT_KEY");
    if (certificate == null && key == null) {
      return null;
    }
    if (certificate == null || key == null) {
      throw new IllegalStateException(
          (certificate == null ? variable("CLIENT_KEY") : variable("CLIENT_CERTIFICATE"))
              + " is set without "
              + (certificate == null ? variable("CLIENT_CERTIFICATE") : variable("CLIENT_KEY"))
              + " (expected: both or neither)");
    }
    return new Identity(certificate, key);
  }

  private @Nullable String file(String name) {
    var path = exporter(name);
    if (path.isEmpty()) {
      return null;
    }
    try {
      return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalStateException(
          variable(name) + ": " + path + " can't be read (" + e.getClass().getSimpleName() + ")",
          e);
    }
  }

  private static byte[] bytes(String pem) {
    return pem.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String exporter(String name) {
    return variables.getOrDefault(variable(name), "");
  }

  private String variable(String name) {
    var own = "OTEL_EXPORTER_OTLP_TRACES_" + name;
    return variables.getOrDefault(own, "").isEmpty() ? "OTEL_EXPORTER_OTLP_" + name : own;
  }

  /** {@code key=value,key=value}; what isn't of this form says nothing. */
  private static Map<String, String> pairs(String text) {
    var pairs = new LinkedHashMap<String, String>();
    for (var part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        pairs.put(part.substring(0, equals).strip(), decoded(part.substring(equals + 1).strip()));
      }
    }
    return pairs;
  }

  private static String decoded(String text) {
    try {
      // A plus is itself here, unlike in forms.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
