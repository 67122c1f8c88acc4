package dev.weir.controller.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import dev.weir.dataplane.model.RoutingTable;
import dev.weir.dataplane.model.Upstream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;

/**
 * Upstreams in the form in which ingress-nginx hands its backends to its balancer. Fields of what
 * Weir does elsewhere (affinity, canaries) have the values that stand for nothing.
 */
final class BackendsJson {
  private static final JsonFactory JSON = new JsonFactory();

  private BackendsJson() {}

  static String all(RoutingTable table) {
    return list(table.upstreams().values());
  }

  static String names(RoutingTable table) {
    var names = new StringBuilder();
    table.upstreams().values().forEach(upstream -> names.append(upstream.id().name()).append('\n'));
    return names.toString();
  }

  static String one(RoutingTable table, String name) {
    return table.upstreams().values().stream()
        .filter(upstream -> upstream.id().name().equals(name))
        .findFirst()
        .map(BackendsJson::object)
        .orElse("A backend of this name was not found.\n");
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static String list(Collection<Upstream> upstreams) {
    return text(
        json -> {
          json.writeStartArray();
          for (var upstream : upstreams) {
            write(json, upstream);
          }
          json.writeEndArray();
        });
  }

  private static String object(Upstream upstream) {
    return text(json -> write(json, upstream));
  }

  private static String text(Body body) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.setPrettyPrinter(new DefaultPrettyPrinter());
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, Upstream upstream) throws IOException {
    var id = upstream.id();
    json.writeStartObject();
    json.writeStringField("name", id.name());
    json.writeObjectFieldStart("service");
    json.writeObjectFieldStart("metadata");
    json.writeStringField("name", id.service());
    json.writeStringField("namespace", id.namespace());
    json.writeEndObject();
    json.writeEndObject();
    if (id.port().chars().allMatch(Character::isDigit)) {
      json.writeNumberField("port", Integer.parseInt(id.port()));
    } else {
      json.writeStringField("port", id.port());
    }
    json.writeBooleanField("sslPassthrough", false);
    json.writeArrayFieldStart("endpoints");
    switch (upstream.target()) {
      case Upstream.Target.Endpoints(var endpoints) -> {
        for (var endpoint : endpoints) {
          endpoint(json, endpoint.ip(), endpoint.port());
        }
      }
      case Upstream.Target.DnsName(var host, int port) -> endpoint(json, host, port);
    }
    json.writeEndArray();
    defaults(json);
    json.writeEndObject();
  }

  private static void endpoint(JsonGenerator json, String address, int port) throws IOException {
    json.writeStartObject();
    json.writeStringField("address", address);
    json.writeStringField("port", Integer.toString(port));
    json.writeEndObject();
  }

  private static void defaults(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("sessionAffinityConfig");
    json.writeStringField("name", "");
    json.writeStringField("mode", "");
    json.writeObjectFieldStart("cookieSessionAffinity");
    json.writeStringField("name", "");
    json.writeEndObject();
    json.writeEndObject();
    json.writeObjectFieldStart("upstreamHashByConfig");
    json.writeNumberField("upstream-hash-by-subset-size", 3);
    json.writeEndObject();
    json.writeBooleanField("noServer", false);
    json.writeObjectFieldStart("trafficShapingPolicy");
    json.writeNumberField("weight", 0);
    json.writeNumberField("weightTotal", 0);
    for (var name : List.of("header", "headerValue", "headerPattern", "cookie")) {
      json.writeStringField(name, "");
    }
    json.writeEndObject();
  }
}
