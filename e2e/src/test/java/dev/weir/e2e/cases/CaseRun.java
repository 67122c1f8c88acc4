package dev.weir.e2e.cases;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Runs one case. */
final class CaseRun {
  private static final Duration LOG_PATIENCE = Duration.ofSeconds(60);

  private final Case subject;
  private final Program program;
  private final int firstLine;

  private CaseRun(Case subject, Program program) {
    this.subject = subject;
    this.program = program;
    this.firstLine = program.weir().log().lines().size();
  }

  /** Runs it, and fails with everything that differs in the first step that does. */
  static void run(Case subject, Program program)
      throws IOException, InterruptedException, ExecutionException {
    subject.warnings().forEach(program.weir().log()::expect);
    new CaseRun(subject, program).run();
  }

  private void run() throws IOException, InterruptedException, ExecutionException {
    try (var stage = new Stage(subject, program);
        var client = new Client(program.weir())) {
      var judge = new Judge(stage.pods());
      int count = stage.filled().steps().size();
      for (int i = 0; i < count; i++) {
        // A change makes the steps anew, with the same placeholders filled in.
        step(i + 1, stage.filled().steps().get(i), stage, client, judge);
      }
      log(stage.filled().log());
      spans(stage);
    }
  }

  private void step(int number, Step step, Stage stage, Client client, Judge judge)
      throws IOException, InterruptedException, ExecutionException {
    switch (step) {
      case Step.Change change -> stage.change(change.keys());
      case Step.Open open -> stage.open(open.gate());
      case Step.Collector collector -> stage.collector().behave(collector.manner());
      case Step.Spans spans -> awaitSpans(stage, spans.count());
      case Step.Finish finish -> {
        var outcome = client.finish(finish.name());
        fail(number, finish.toString(), judge.problems(finish.expect(), List.of(outcome)), outcome);
      }
      case Step.Request request when !request.times().begin().isEmpty() -> {
        int before = received(stage);
        judge.beginStep();
        client.begin(request);
        Awaitility.await(request + " reaching a backend")
            .atMost(Duration.ofSeconds(60))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(2))
            .until(() -> received(stage) > before);
      }
      case Step.Request request when request.times().await() ->
          Awaitility.await(request + " bringing what is expected")
              .atMost(Duration.ofSeconds(60))
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(20))
              .until(
                  () -> {
                    judge.beginStep();
                    return judge
                        .problems(request.expect(), client.send(request, () -> {}))
                        .isEmpty();
                  });
      case Step.Request request -> {
        judge.beginStep();
        var outcomes = client.send(request, () -> stage.open(request.times().open()));
        fail(
            number,
            request.toString(),
            judge.problems(request.expect(), outcomes),
            outcomes.getLast());
        request.expect().open().forEach((name, count) -> awaitOpen(stage, name, count));
      }
    }
  }

  private static void awaitSpans(Stage stage, int count) {
    Awaitility.await(count + " spans")
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> stage.collector().spans().size() >= count);
  }

  private void spans(Stage stage) {
    var expected = stage.filled().spans();
    if (expected == null) {
      return;
    }
    awaitSpans(stage, expected.size());
    var spans = stage.collector().spans();
    var problems = new ArrayList<String>();
    if (spans.size() > expected.size()) {
      problems.add(spans.size() + " spans (expected: " + expected.size() + ")");
    }
    for (int i = 0; i < expected.size(); i++) {
      problems.addAll(expected.get(i).problems("span " + (i + 1), spans.get(i)));
    }
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "%s in cases/%s:\n  %s\nthe spans were:\n%s"
              .formatted(subject.id(), subject.file(), String.join("\n  ", problems), spans));
    }
  }

  private static void awaitOpen(Stage stage, String service, int count) {
    var pods = Objects.requireNonNull(stage.pods().get(service), service);
    Awaitility.await(count + " open connections to " + service)
        .atMost(Duration.ofSeconds(60))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> pods.openConnections() == count);
  }

  private static int received(Stage stage) {
    return stage.pods().values().stream().mapToInt(p -> p.recorder().requests().size()).sum();
  }

  private void fail(int number, String shown, List<String> problems, Client.Outcome last) {
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "%s in cases/%s, step %d, %s:\n  %s\nthe last reply was:\n%s\nfindings and routes:\n%s"
              .formatted(
                  subject.id(),
                  subject.file(),
                  number,
                  shown,
                  String.join("\n  ", problems),
                  last.reply(),
                  program.weir().admin("/debug/routes").text()));
    }
  }

  private void log(Case.LogCheck check) {
    var missing = new ArrayList<String>();
    try {
      Awaitility.await()
          .atMost(LOG_PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () -> {
                missing.clear();
                missing.addAll(missing(check));
                return missing.isEmpty();
              });
    } catch (ConditionTimeoutException e) {
      failLog("no line with: " + String.join("\n  no line with: ", missing));
    }
    if (!check.lacks().isEmpty()) {
      if (check.contains().isEmpty() && check.matches().isEmpty()) {
        // Findings are logged in order: those of the case came before the next marker's.
        program.serve(
            new Manifests("", new Authorities())
                .write(World.EMPTY, Map.of(), program.nextMarker()));
        program.weir().log().await("Service weir/" + program.marker());
      }
      for (var text : check.lacks()) {
        if (lines().stream().anyMatch(line -> line.contains(text))) {
          failLog("a line with: " + text);
        }
      }
    }
  }

  private List<String> missing(Case.LogCheck check) {
    var lines = lines();
    var missing = new ArrayList<String>();
    check.contains().stream()
        .filter(text -> lines.stream().noneMatch(line -> line.contains(text)))
        .forEach(missing::add);
    check.matches().stream()
        .filter(regex -> lines.stream().noneMatch(Pattern.compile(regex).asMatchPredicate()))
        .forEach(missing::add);
    return missing;
  }

  /** Without the ends of findings, which may be the last case's. */
  private List<String> lines() {
    return program.weir().log().lines().stream()
        .skip(firstLine)
        .filter(line -> !line.contains(" findings: resolved: "))
        .toList();
  }

  private void failLog(String problem) {
    throw new AssertionError(
        "%s in cases/%s, log:\n  %s\nit logged:\n%s"
            .formatted(subject.id(), subject.file(), problem, String.join("\n", lines())));
  }
}
