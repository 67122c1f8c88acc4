package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weir.e2e.wire.Dial;
import dev.weir.testsupport.trace.TraceCollector.Manner;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What happens in a case, in order. */
sealed interface Step {

  /** Objects change: these keys of the case take new values. */
  record Change(ObjectNode keys) implements Step {}

  /** Backends that wait at a gate go on. */
  record Open(String gate) implements Step {}

  /** The collector behaves so from now on. */
  record Collector(Manner manner) implements Step {}

  /** Waits until the collector got so many spans. */
  record Spans(int count) implements Step {}

  /** The reply to a request that was begun before. */
  record Finish(String name, Expect expect) implements Step {}

  /**
   * A request.
   *
   * @param scheme {@code http} or {@code https}
   * @param bytes the whole request
   * @param dial how to connect
   */
  record Request(
      String shown,
      String scheme,
      String method,
      String bytes,
      Dial dial,
      Times times,
      Expect expect)
      implements Step {
    @Override
    public String toString() {
      return shown;
    }
  }

  /**
   * How often, and when.
   *
   * @param parallel that many at once, each on a connection of its own
   * @param repeat that many, one after another
   * @param keep on the connection of the step before, if that had {@code keep} as well
   * @param open a gate that opens once {@code after} of the parallel ones have their replies
   * @param begin sent, and finished by a later step; empty if not
   * @param await again and again until it brings what is expected
   */
  record Times(
      int parallel,
      int repeat,
      boolean keep,
      String open,
      int after,
      String begin,
      boolean await) {}

  static Step read(String where, JsonNode node) {
    var form = Form.of(where, node);
    Step step;
    if (form.has("change")) {
      step = new Change((ObjectNode) node.get("change"));
      form.node("change");
    } else if (form.has("finish")) {
      step = new Finish(form.text("finish"), Expect.read(form));
    } else if (form.has("collector")) {
      step = new Collector(Manner.valueOf(form.text("collector").toUpperCase(Locale.ROOT)));
    } else if (form.has("spans")) {
      step = new Spans(form.number("spans", 0));
    } else if (form.has("request")) {
      step = request(form);
    } else {
      step = new Open(form.text("open"));
    }
    form.end();
    return step;
  }

  /** {@code METHOD http://host/target}, with the rest beside it. */
  private static Request request(Form form) {
    var line = form.text("request");
    var words = line.split(" ", 2);
    var scheme = words[1].substring(0, words[1].indexOf("://"));
    var rest = words[1].substring(scheme.length() + 3);
    int slash = rest.indexOf('/');
    var host = slash < 0 ? rest : rest.substring(0, slash);
    var target = slash < 0 ? "/" : rest.substring(slash);
    var dial =
        new Dial(
            form.text("sni", host.replaceFirst(":\\d+$", "")),
            form.text("from", ""),
            crlf(form.text("proxy", "")),
            form.texts("tls-versions"),
            form.texts("tls-ciphers"),
            form.texts("tls-groups"),
            form.text("tls-session", ""));
    var times =
        new Times(
            form.number("parallel", 1),
            form.number("repeat", 1),
            form.flag("keep"),
            form.text("open", ""),
            form.number("after", 0),
            form.text("begin", ""),
            form.flag("await"));
    return new Request(
        line,
        scheme,
        words[0],
        bytes(form, words[0], target, host),
        dial,
        times,
        Expect.read(form));
  }

  private static String bytes(Form form, String method, String target, String host) {
    var raw = form.optional("raw");
    var fields = new ArrayList<String>();
    var headers = form.nodes("headers");
    boolean ownHost = headers.keySet().stream().anyMatch("host"::equalsIgnoreCase);
    if (!ownHost) {
      fields.add("Host: " + host);
    }
    headers.forEach((name, value) -> addField(fields, name, value));
    var body = form.text("body", "");
    int size = form.number("body-size", body.length());
    var sent = body.isEmpty() ? "b".repeat(size) : body;
    if (form.flag("chunked")) {
      fields.add("Transfer-Encoding: chunked");
      sent = Integer.toHexString(size) + "\r\n" + sent + "\r\n0\r\n\r\n";
    } else if (form.has("body") || form.has("body-size")) {
      fields.add("Content-Length: " + size);
    }
    if (raw != null) {
      return crlf(raw);
    }
    return method
        + " "
        + form.text("target", target)
        + " "
        + form.text("version", "HTTP/1.1")
        + "\r\n"
        + String.join("\r\n", fields)
        + (fields.isEmpty() ? "" : "\r\n")
        + "\r\n"
        + sent;
  }

  private static void addField(List<String> fields, String name, JsonNode value) {
    if (value.isArray()) {
      value.forEach(one -> fields.add(name + ": " + one.asText()));
    } else if (!value.isNull()) {
      fields.add(name + ": " + value.asText());
    }
  }

  private static String crlf(String text) {
    return text.replace("\r\n", "\n").replace("\n", "\r\n");
  }
}
