package dev.weir.e2e.cases;

import dev.weir.e2e.wire.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/** Compares what a step brought with what it had to bring. */
final class Judge {
  private final Map<String, Pods> pods;
  private final Map<String, Integer> seen = new HashMap<>();

  Judge(Map<String, Pods> pods) {
    this.pods = pods;
  }

  /** From now on, what backends get counts as of the next step. */
  void beginStep() {
    pods.forEach((name, all) -> seen.put(name, all.recorder().requests().size()));
  }

  /** What is wrong. */
  List<String> problems(Expect expect, List<Client.Outcome> outcomes) {
    var problems = new ArrayList<String>(statuses(expect.statuses(), outcomes));
    for (var outcome : outcomes) {
      if (expect.closed() && !outcome.closed()) {
        problems.add("the connection was not closed");
      }
      var reply = outcome.reply();
      if (reply != null) {
        problems.addAll(reply(expect, reply));
      }
      expect
          .tls()
          .forEach(
              (name, check) -> {
                var value = outcome.tls().get(name);
                problems.addAll(
                    check.problems("tls " + name, value == null ? List.of() : List.of(value)));
              });
    }
    expect.received().forEach((name, check) -> problems.addAll(received(name, check, outcomes)));
    return problems.stream().distinct().toList();
  }

  private static List<String> statuses(
      Map<Integer, Integer> expected, List<Client.Outcome> outcomes) {
    var counts = new HashMap<Integer, Integer>();
    outcomes.forEach(outcome -> counts.merge(outcome.status(), 1, Integer::sum));
    if (expected.containsValue(Expect.ANY)) {
      return expected.keySet().containsAll(counts.keySet())
          ? List.of()
          : List.of("statuses: " + counts + " (expected only: " + expected.keySet() + ")");
    }
    var wanted = new HashMap<Integer, Integer>();
    expected.forEach((status, count) -> wanted.put(status, count < 0 ? outcomes.size() : count));
    wanted.values().removeIf(count -> count == 0);
    return wanted.equals(counts) || expected.isEmpty()
        ? List.of()
        : List.of("statuses: " + counts + " (expected: " + wanted + ")");
  }

  private static List<String> reply(Expect expect, Reply reply) {
    var problems = new ArrayList<String>();
    expect
        .headers()
        .forEach(
            (name, check) -> problems.addAll(check.problems("header " + name, reply.all(name))));
    if (expect.body() != null) {
      problems.addAll(expect.body().problems("body", List.of(text(reply))));
    }
    if (!expect.bodySize().include(reply.body().length)) {
      problems.add("body size: " + reply.body().length + " (expected: " + expect.bodySize() + ")");
    }
    var backend = reply.backend() == null ? "none" : reply.backend();
    if (!expect.backend().isEmpty()
        && !backend.equals(expect.backend())
        && !backend.matches(Pattern.quote(expect.backend()) + "-\\d+")) {
      problems.add("backend: " + backend + " (expected: " + expect.backend() + ")");
    }
    return problems;
  }

  private static String text(Reply reply) {
    if (!"gzip".equals(reply.field("content-encoding"))) {
      return reply.text();
    }
    try (var plain = new GZIPInputStream(new ByteArrayInputStream(reply.body()))) {
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> received(String name, Expect.Received check, List<Client.Outcome> outcomes) {
    var service = name.equals("upstream") ? upstream(outcomes) : name;
    var served = pods.get(service);
    var all =
        served == null
            ? List.<Recorder.Request>of()
            : served
                .recorder()
                .requests()
                .subList(seen.getOrDefault(service, 0), served.recorder().requests().size());
    if (check.count() >= 0 && all.size() != check.count()) {
      return List.of(
          service + " got " + all.size() + " requests (expected: " + check.count() + ")");
    }
    if (check.count() < 0 && all.isEmpty()) {
      return List.of(service + " got no request");
    }
    var problems = new ArrayList<String>();
    all.forEach(request -> problems.addAll(check.problems(service + " got", request)));
    return problems;
  }

  /** The Service whose backend replied; else the only one that got something. */
  private String upstream(List<Client.Outcome> outcomes) {
    for (var outcome : outcomes) {
      var reply = outcome.reply();
      if (reply != null && reply.backend() != null) {
        var backend = reply.backend();
        return pods.containsKey(backend) ? backend : backend.replaceFirst("-\\d+$", "");
      }
    }
    var busy =
        pods.entrySet().stream()
            .filter(
                entry ->
                    entry.getValue().recorder().requests().size()
                        > seen.getOrDefault(entry.getKey(), 0))
            .map(Map.Entry::getKey)
            .toList();
    return busy.size() == 1 ? busy.getFirst() : "upstream";
  }
}
