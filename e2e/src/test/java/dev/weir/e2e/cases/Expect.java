package dev.weir.e2e.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weir.e2e.wire.Head;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a step must bring.
 *
 * @param statuses how many replies of each; {@link #NO_REPLY} for a connection closed without one;
 *     or {@link #ALL} or {@link #ANY}
 * @param backend the Service whose backend answered; "none" if our own answer; empty for any
 * @param received what backends got in this step, by name; the name "upstream" is the one whose
 *     reply came
 * @param tls what TLS came to, by name: version, cipher, stapled, alert
 * @param open how many connections to a Service's pods are open in the end; waited for
 */
record Expect(
    Map<Integer, Integer> statuses,
    Map<String, Check> headers,
    @Nullable Check body,
    Sizes bodySize,
    String backend,
    Map<String, Received> received,
    Map<String, Integer> open,
    Map<String, Check> tls,
    boolean closed) {
  static final int NO_REPLY = -1;

  /** All replies have the status. */
  static final int ALL = -1;

  /** All replies have this status or another one of these. */
  static final int ANY = -2;

  /** How many bytes a body may have, both ends included. */
  record Sizes(int least, int most) {
    static Sizes read(Form form) {
      var list = form.texts("body-sizes");
      if (list.size() == 2) {
        return new Sizes(Integer.parseInt(list.getFirst()), Integer.parseInt(list.getLast()));
      }
      int exactly = form.number("body-size", -1);
      return exactly < 0 ? new Sizes(0, Integer.MAX_VALUE) : new Sizes(exactly, exactly);
    }

    boolean include(int size) {
      return least <= size && size <= most;
    }
  }

  /**
   * What a backend got.
   *
   * @param count how many requests; -1 for any number above 0
   */
  record Received(
      int count,
      @Nullable Check method,
      @Nullable Check target,
      Map<String, Check> headers,
      @Nullable Check body,
      int bodySize) {
    static Received read(String where, JsonNode node) {
      if (node.isInt()) {
        return new Received(node.asInt(), null, null, Map.of(), null, -1);
      }
      var form = Form.of(where, node);
      var read =
          new Received(
              form.number("count", -1),
              check(form, "method"),
              check(form, "target"),
              checks(form, "headers"),
              check(form, "body"),
              form.number("body-size", -1));
      form.end();
      return read;
    }

    /** Problems of one request; the count is judged elsewhere. */
    List<String> problems(String what, Recorder.Request request) {
      var problems = new ArrayList<String>();
      Head head = request.head();
      add(problems, method, what + " method", head.method());
      add(problems, target, what + " target", head.target());
      headers.forEach(
          (name, check) ->
              problems.addAll(check.problems(what + " header " + name, head.all(name))));
      add(problems, body, what + " body", request.body());
      if (bodySize >= 0 && request.size() != bodySize) {
        problems.add(what + " body size: " + request.size() + " (expected: " + bodySize + ")");
      }
      return problems;
    }

    private static void add(
        List<String> problems, @Nullable Check check, String what, String value) {
      if (check != null) {
        problems.addAll(check.problems(what, List.of(value)));
      }
    }
  }

  static Expect read(Form step) {
    var form = step.form("expect");
    var received = new LinkedHashMap<String, Received>();
    form.nodes("received")
        .forEach(
            (name, node) -> received.put(name, Received.read(form.where() + "." + name, node)));
    var upstream = form.node("upstream");
    if (upstream != null) {
      received.put("upstream", Received.read(form.where() + ".upstream", upstream));
    }
    var open = new LinkedHashMap<String, Integer>();
    form.textMap("open").forEach((name, count) -> open.put(name, Integer.parseInt(count)));
    var read =
        new Expect(
            statuses(form),
            checks(form, "headers"),
            check(form, "body"),
            Sizes.read(form),
            form.text("backend", ""),
            received,
            open,
            checks(form, "tls"),
            form.flag("closed"));
    form.end();
    return read;
  }

  private static Map<Integer, Integer> statuses(Form form) {
    var all = new LinkedHashMap<Integer, Integer>();
    var allowed = form.texts("status");
    allowed.forEach(one -> all.put(status(one), allowed.size() == 1 ? ALL : ANY));
    form.textMap("statuses").forEach((status, n) -> all.put(status(status), Integer.parseInt(n)));
    return all;
  }

  private static int status(String text) {
    return text.equals("none") ? NO_REPLY : Integer.parseInt(text);
  }

  private static @Nullable Check check(Form form, String key) {
    var node = form.node(key);
    return node == null ? null : Check.of(form.where() + "." + key, node);
  }

  private static Map<String, Check> checks(Form form, String key) {
    var all = new LinkedHashMap<String, Check>();
    form.nodes(key)
        .forEach(
            (name, node) ->
                all.put(name.toLowerCase(Locale.ROOT), Check.of(form.where() + "." + name, node)));
    return all;
  }
}
