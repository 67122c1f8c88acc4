package dev.weir.e2e.garden;

import dev.weir.e2e.harness.ManifestFolder;
import dev.weir.e2e.harness.Objects;
import dev.weir.e2e.harness.WeirProcess;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The program, servers behind it, and what must hold of every input. Closes all of them. */
final class Garden implements AutoCloseable {
  private static final int AT_ONCE = 48;
  private static final String LINE = "garden: ";

  /**
   * What happened in all.
   *
   * @param faults what must not be; empty if all is well
   */
  record Result(int inputs, int replies, int served, int refused, List<String> faults) {
    /** For people. */
    String summary() {
      return "garden: %d inputs, %d replies, %d requests served, %d refused, %d faults"
          .formatted(inputs, replies, served, refused, faults.size());
    }
  }

  private final ManifestFolder folder = ManifestFolder.withClass();
  private final List<RealServer> servers;
  private final WeirProcess weir;
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

  /** The servers that every build has; one line says so if Node is not among them. */
  static List<RealServer> usualServers() throws Exception {
    var servers = new ArrayList<RealServer>();
    servers.add(new JettyServer());
    servers.add(new TomcatServer());
    servers.add(new UndertowServer());
    if (Files.isExecutable(NodeServer.PROGRAM)) {
      servers.add(new NodeServer());
    } else {
      System.out.println("Not selected: Node in the garden (no " + NodeServer.PROGRAM + ").");
    }
    return servers;
  }

  /** Inputs by turns in each version of HTTP; the same seed gives the same. */
  static List<Input> inputs(long seed, int count) {
    var old = new Http1Inputs(seed);
    var framed = new Http2Inputs(seed);
    var inputs = new ArrayList<Input>();
    for (int i = 0; i < count; i++) {
      inputs.add(i % 2 == 0 ? old.next(i) : framed.next(i));
    }
    return inputs;
  }

  Garden(List<RealServer> servers) {
    this.servers = servers;
    folder.write(
        "settings.yaml",
        Objects.configMap(
            "client-header-timeout: \"1\", client-body-timeout: \"1\","
                + " log-format-upstream: \""
                + LINE
                + "$status $http_x_marker $request\""));
    weir = WeirProcess.run("--manifests=" + folder.path(), "--configmap=default/weir");
  }

  /** Sends these inputs to every server. */
  Result run(List<? extends Input> inputs) throws Exception {
    int count = inputs.size();
    var first = List.<List<Answer>>of();
    int replies = 0;
    int served = 0;
    for (var server : servers) {
      plant(server);
      int loggedBefore = weir.log().lines(LINE).size();
      var answers = sendAll(inputs);
      first = first.isEmpty() ? answers : first;
      var told = new ArrayList<Seen>();
      for (int i = 0; i < count; i++) {
        compare(inputs.get(i), server, first.get(i), answers.get(i));
        replies += answers.get(i).size();
        answers.get(i).forEach(answer -> told.addAll(answer.seen()));
      }
      served += told.size();
      checkNothingHidden(server, told, loggedBefore);
    }
    return new Result(count, replies, served, replies - served, List.copyOf(faults));
  }

  /** Has the host lead to this server. */
  private void plant(RealServer server) {
    var name = server.name();
    folder.write(
        "site.yaml",
        Objects.service(name, List.of("127.0.0.1"), server.port())
            + Objects.ingress("garden", Input.HOST, name));
    weir.awaitRoutes(routes -> routes.contains("default/" + name + ":80"));
  }

  private List<List<Answer>> sendAll(List<? extends Input> inputs) throws Exception {
    var sent = new ArrayList<Future<List<Answer>>>();
    try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
      inputs.forEach(input -> sent.add(pool.submit(() -> input.send(weir))));
    }
    var answers = new ArrayList<List<Answer>>();
    for (var one : sent) {
      answers.add(one.get());
    }
    return answers;
  }

  /** Every server saw the same, which is what was meant if that is known. */
  private void compare(Input input, RealServer server, List<Answer> first, List<Answer> answers) {
    boolean same = answers.size() == first.size() && (!input.oneByOne() || increases(answers));
    for (int k = 0; same && k < answers.size(); k++) {
      same = agree(first.get(k), answers.get(k));
    }
    if (!same) {
      fault(input, server, "differs from " + servers.getFirst().name(), first, answers);
    }
    if (!input.intended().isEmpty() && !fits(input.intended(), answers)) {
      fault(input, server, "is not what was sent", input.intended(), answers);
    }
  }

  private static boolean agree(Answer one, Answer other) {
    return one.seen().isEmpty()
        || other.seen().isEmpty()
        || one.seen().getFirst().agreesWith(other.seen().getFirst());
  }

  /** Whether the server saw requests in the order of their answers, if its numbers tell. */
  private static boolean increases(List<Answer> answers) {
    long last = 0;
    for (var answer : answers) {
      for (var seen : answer.seen()) {
        if (!seen.id().matches("\\d{1,18}")) {
          return true;
        }
        long id = Long.parseLong(seen.id());
        if (id <= last) {
          return false;
        }
        last = id;
      }
    }
    return true;
  }

  /** Some servers refuse some targets by themselves; what they serve is what was meant. */
  private static boolean fits(List<Seen> intended, List<Answer> answers) {
    int last = answers.size() - 1;
    for (int k = 0; k < Math.min(intended.size(), last); k++) {
      for (var seen : answers.get(k).seen()) {
        if (!seen.agreesWith(intended.get(k))) {
          return false;
        }
      }
    }
    return answers.size() <= intended.size() + 1;
  }

  /** What a server saw and what clients were told that it saw is the same, one to one. */
  private void checkNothingHidden(RealServer server, List<Seen> told, int loggedBefore) {
    var answered = new HashSet<String>();
    for (var seen : told) {
      if (!answered.add(seen.id())) {
        faults.add(server.name() + ": the reply to one request reached two: " + seen);
      }
    }
    WeirProcess.eventually(
        server.name() + " tells all", () -> server.seen().size(), size -> size >= told.size());
    var unanswered = new ArrayList<Seen>();
    for (var seen : server.seen()) {
      if (!answered.remove(seen.id())) {
        unanswered.add(seen);
      }
    }
    weir.get(Input.HOST, "/fence-" + server.name());
    weir.log().await("/fence-" + server.name());
    for (var seen : unlogged(unanswered, loggedBefore)) {
      faults.add(server.name() + " saw what nobody was answered for: " + seen);
    }
    if (!answered.isEmpty()) {
      faults.add(server.name() + " did not see " + answered);
    }
  }

  /**
   * Those that the program doesn't know of. A client of HTTP/2 may end its connection, by what it
   * sends, before the answer comes; then the access log tells of the request.
   */
  private List<Seen> unlogged(List<Seen> unanswered, int loggedBefore) {
    var lines = weir.log().lines(LINE);
    var since = lines.subList(loggedBefore, lines.size());
    var unlogged = new ArrayList<Seen>();
    for (var seen : unanswered) {
      var whose = whose(seen);
      long others = unanswered.stream().filter(other -> whose(other).equals(whose)).count();
      long logged = since.stream().filter(line -> line.contains(whose)).count();
      if (whose.isBlank() || logged < others) {
        unlogged.add(seen);
      }
    }
    return unlogged;
  }

  /** As it stands in a line of the log; targets such as {@code *} don't tell, their marker does. */
  private static String whose(Seen seen) {
    var id = Http2Inputs.TARGET.matcher(seen.target());
    return id.lookingAt() ? " " + id.group() : " " + seen.marker() + " ";
  }

  private void fault(Input input, RealServer server, String what, Object expected, Object got) {
    faults.add(
        "input %d: %s %s: expected %s but was %s: %s"
            .formatted(input.number(), server.name(), what, expected, got, input.text()));
  }

  @Override
  public void close() {
    weir.close();
    servers.forEach(RealServer::close);
    folder.close();
  }
}
