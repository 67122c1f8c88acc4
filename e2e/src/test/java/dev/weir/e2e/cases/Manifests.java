package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.harness.KeyPairPem;
import dev.weir.e2e.harness.OcspAuthority;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a case's objects: JSON documents, which are YAML, too. */
final class Manifests implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

  private final String namespace;
  private final Authorities authorities;
  private final Map<String, KeyPairPem> pairs = new HashMap<>();
  private final List<OcspAuthority> responders = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  Manifests(String namespace, Authorities authorities) {
    this.namespace = namespace;
    this.authorities = authorities;
  }

  /**
   * The whole file.
   *
   * @param marker a host's first label; the host is served once all of it is, with a finding that
   *     its Service of that name is missing
   */
  String write(World world, Map<String, Pods> pods, String marker) {
    text.setLength(0);
    var settings = object("v1", "ConfigMap", "weir", "weir");
    settings.set("data", texts(world.configMap()));
    add(settings);
    world.services().forEach((name, form) -> addService(name, form, pods.get(name)));
    world.secrets().forEach(this::addSecret);
    world
        .configMaps()
        .forEach(
            (name, data) -> {
              var map = object("v1", "ConfigMap", namespace, name);
              map.set("data", data);
              add(map);
            });
    world.ingresses().forEach(this::addIngress);
    text.append("---\n").append(world.objects()).append("\n---\n");
    addMarker(marker);
    return text.toString();
  }

  private void add(ObjectNode object) {
    text.append("---\n").append(object).append('\n');
  }

  private static ObjectNode object(String version, String kind, String namespace, String name) {
    var object = JSON.createObjectNode().put("apiVersion", version).put("kind", kind);
    object.putObject("metadata").put("name", name).put("namespace", namespace);
    return object;
  }

  private static ObjectNode texts(Map<String, String> map) {
    var node = JSON.createObjectNode();
    map.forEach(node::put);
    return node;
  }

  private void addService(String name, ServiceForm form, @Nullable Pods pods) {
    if (form.kind() == ServiceForm.Kind.MISSING) {
      return;
    }
    var service = object("v1", "Service", namespace, name);
    int port = pods != null && form.address().equals("own") ? pods.port() : 80;
    var clusterIp = pods == null ? Pods.NOBODY : pods.serviceAddress();
    var spec = service.putObject("spec").put("clusterIP", clusterIp);
    spec.putArray("ports")
        .addObject()
        .put("name", "http")
        .put("port", port)
        .put("targetPort", 8080);
    add(service);
    if (pods == null || form.kind() == ServiceForm.Kind.EMPTY) {
      return;
    }
    var slice = object("discovery.k8s.io/v1", "EndpointSlice", namespace, name + "-1");
    ((ObjectNode) slice.get("metadata"))
        .putObject("labels")
        .put("kubernetes.io/service-name", name);
    slice.put("addressType", "IPv4");
    slice.putArray("ports").addObject().put("name", "http").put("port", pods.port());
    var endpoints = slice.putArray("endpoints");
    for (var address : pods.addresses()) {
      var endpoint = endpoints.addObject();
      endpoint.putArray("addresses").add(address);
      endpoint.putObject("conditions").put("ready", true);
    }
    add(slice);
  }

  private void addSecret(String name, JsonNode keys) {
    var secret = object("v1", "Secret", namespace, name);
    var data = secret.putObject("data");
    for (var key : keys.properties()) {
      if (key.getKey().equals("tls")) {
        var pair = pairs.computeIfAbsent(name, n -> pair(keys));
        secret.put("type", "kubernetes.io/tls");
        data.put("tls.crt", base64(pair.certificate())).put("tls.key", base64(pair.key()));
      } else if (key.getKey().equals("issued")) {
        var identity = authorities.issue(name + ".issued", key.getValue());
        data.put("tls.crt", base64(identity.certificatePem()));
        data.put("tls.key", base64(identity.keyPem()));
      } else if (key.getKey().equals("authority")) {
        data.put("ca.crt", base64(authorities.of(key.getValue().asText()).pem()));
      } else if (!key.getKey().equals("ocsp")) {
        data.put(key.getKey(), base64(key.getValue().asText()));
      }
    }
    add(secret);
  }

  /** Self-signed; with {@code ocsp}, of an authority that answers so. */
  private KeyPairPem pair(JsonNode keys) {
    var names = names(keys.get("tls"));
    var ocsp = keys.get("ocsp");
    if (ocsp == null) {
      return KeyPairPem.of(names);
    }
    var authority = new OcspAuthority(ocsp.asText().equals("good"));
    responders.add(authority);
    return authority.issue(names);
  }

  @Override
  public void close() {
    responders.forEach(OcspAuthority::close);
  }

  private static String[] names(JsonNode node) {
    var names = new ArrayList<String>();
    if (node.isArray()) {
      node.forEach(name -> names.add(name.asText()));
    } else {
      names.add(node.asText());
    }
    return names.toArray(String[]::new);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private void addIngress(IngressForm form) {
    var ingress = object("networking.k8s.io/v1", "Ingress", namespace, form.name());
    var meta = (ObjectNode) ingress.get("metadata");
    meta.put("creationTimestamp", FIRST.plusSeconds(60L * form.created()).toString());
    meta.set("annotations", texts(form.annotations()));
    var spec = ingress.putObject("spec");
    if (!form.ofClass().isEmpty()) {
      spec.put("ingressClassName", form.ofClass());
    }
    if (!form.defaultBackend().isEmpty()) {
      spec.set("defaultBackend", backend(form.defaultBackend()));
    }
    addTls(form.tls(), form.hosts(), spec);
    if (!form.paths().isEmpty()) {
      var rules = spec.putArray("rules");
      for (var host : form.hosts()) {
        addRule(rules, host, form.paths());
      }
    }
    add(ingress);
  }

  private static void addTls(List<String> secrets, List<String> hosts, ObjectNode spec) {
    if (secrets.isEmpty()) {
      return;
    }
    var tls = spec.putArray("tls");
    for (var secret : secrets) {
      var entry = tls.addObject();
      if (!secret.isEmpty()) {
        entry.put("secretName", secret);
      }
      var names = entry.putArray("hosts");
      hosts.stream().filter(host -> !host.isEmpty()).forEach(names::add);
    }
  }

  private static void addRule(ArrayNode rules, String host, Map<String, String> paths) {
    var rule = rules.addObject();
    if (!host.isEmpty()) {
      rule.put("host", host);
    }
    var list = rule.putObject("http").putArray("paths");
    paths.forEach(
        (path, service) -> {
          var entry = list.addObject();
          if (path.startsWith("exact ")) {
            entry.put("path", path.substring(6)).put("pathType", "Exact");
          } else if (path.startsWith("regex ")) {
            entry.put("path", path.substring(6)).put("pathType", "ImplementationSpecific");
          } else {
            entry.put("path", path).put("pathType", "Prefix");
          }
          entry.set("backend", backend(service));
        });
  }

  private static ObjectNode backend(String service) {
    var parts = service.split(":", 2);
    var node = JSON.createObjectNode();
    var inner = node.putObject("service").put("name", parts[0]);
    var port = inner.putObject("port");
    if (parts.length == 1) {
      port.put("number", 80);
    } else if (parts[1].chars().allMatch(Character::isDigit)) {
      port.put("number", Integer.parseInt(parts[1]));
    } else {
      port.put("name", parts[1]);
    }
    return node;
  }

  private void addMarker(String name) {
    var marker = object("networking.k8s.io/v1", "Ingress", "weir", "marker");
    var spec = marker.putObject("spec").put("ingressClassName", "nginx");
    addRule(spec.putArray("rules"), name + ".test", Map.of("/", name));
    add(marker);
  }
}
