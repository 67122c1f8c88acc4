package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.weir.testsupport.trace.TraceCollector;
import dev.weir.testsupport.trace.TraceCollector.Protocol;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A case's pods and objects, served while it is open. */
final class Stage implements AutoCloseable {
  private static final Pattern PLACEHOLDER = Pattern.compile("<<([^<>]+)>>");

  /** What needs no pods to be filled in. */
  private static final Pattern NAMESPACE = Pattern.compile("<<(ns)>>");

  private final Program program;
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private final Map<String, Pods> pods = new LinkedHashMap<>();
  private final Authorities authorities = new Authorities();
  private @Nullable TraceCollector collector;
  private final Manifests manifests;
  private final String namespace;
  private ObjectNode node;
  private Case filled;

  Stage(Case written, Program program) {
    this.program = program;
    this.namespace = written.namespace();
    this.manifests = new Manifests(namespace, authorities);
    this.node = (ObjectNode) written.node();
    this.filled = written;
    serve();
  }

  /** The case with its placeholders filled in. */
  Case filled() {
    return filled;
  }

  Map<String, Pods> pods() {
    return pods;
  }

  /** The collector that the case has. */
  TraceCollector collector() {
    return Objects.requireNonNull(collector, "the case has no collector");
  }

  /** Replaces keys of the case. */
  void change(ObjectNode keys) {
    node = node.deepCopy();
    keys.properties().forEach(key -> node.set(key.getKey(), key.getValue()));
    serve();
  }

  private void serve() {
    var world = Case.read(filled.file(), fill(node, NAMESPACE)).world();
    world
        .services()
        .forEach(
            (name, form) -> {
              if (form.kind() == ServiceForm.Kind.SERVED) {
                pods.computeIfAbsent(name, n -> new Pods(n, form, gates, authorities));
              }
            });
    if (collector == null && !world.collector().isEmpty()) {
      var protocol = Protocol.valueOf(world.collector().toUpperCase(Locale.ROOT));
      collector = new TraceCollector(protocol, "127.0.0.1");
    }
    filled = Case.read(filled.file(), fill(node, PLACEHOLDER));
    filled
        .world()
        .services()
        .forEach(
            (name, form) -> {
              var served = pods.get(name);
              if (served != null) {
                served.recorder().say(form.replies());
              }
            });
    program.serve(manifests.write(filled.world(), pods, program.nextMarker()));
  }

  void open(String gate) {
    gates.computeIfAbsent(gate, g -> new CountDownLatch(1)).countDown();
  }

  private JsonNode fill(JsonNode from, Pattern which) {
    if (from instanceof TextNode text && text.textValue().contains("<<")) {
      return new TextNode(
          which.matcher(text.textValue()).replaceAll(match -> value(match.group(1))));
    }
    if (from.isArray()) {
      var list = JsonNodeFactory.instance.arrayNode();
      from.forEach(element -> list.add(fill(element, which)));
      return list;
    }
    if (from.isObject()) {
      var object = JsonNodeFactory.instance.objectNode();
      from.properties().forEach(field -> object.set(field.getKey(), fill(field.getValue(), which)));
      return object;
    }
    return from;
  }

  private String value(String name) {
    var words = name.split(" ", 2);
    return switch (words[0]) {
      case "ns" -> namespace;
      case "http-port" -> Integer.toString(program.weir().http().getPort());
      case "https-port" -> Integer.toString(program.weir().https().getPort());
      case "at" -> of(words[1]).addresses().getFirst() + ":" + of(words[1]).port();
      case "address" -> of(words[1]).addresses().getFirst();
      case "collector" -> Integer.toString(collector().address().getPort());
      case "port" -> Integer.toString(of(words[1]).port());
      default -> throw new IllegalArgumentException("unknown placeholder <<" + name + ">>");
    };
  }

  private Pods of(String service) {
    var served = pods.get(service);
    if (served == null) {
      throw new IllegalArgumentException("no pods of a Service " + service);
    }
    return served;
  }

  @Override
  public void close() {
    gates.values().forEach(CountDownLatch::countDown);
    pods.values().forEach(Pods::close);
    manifests.close();
    if (collector != null) {
      collector.close();
    }
  }
}
