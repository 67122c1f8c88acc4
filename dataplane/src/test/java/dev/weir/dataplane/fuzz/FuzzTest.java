package dev.weir.dataplane.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The fuzz targets: every kept input again, then some seconds in which Jazzer looks for new ones.
 * Only a finding fails; how much was tried depends on the machine.
 */
@Isolated("It takes all of the machine")
class FuzzTest {
  private static final int SECONDS = 10;

  private static final int AT_ONCE = 2;
  private static final Path KEPT = Path.of("src/test/resources/fuzz");
  private static final Pattern EXECUTED = Pattern.compile("stat::number_of_executed_units: +[1-9]");
  private static final Pattern FINDING =
      Pattern.compile("(?m)^.*(== Java Exception:|ERROR: libFuzzer:).*$");

  /** A target by the name of its folder. */
  private record Target(String name, Class<?> type, Consumer<byte[]> run) {}

  private static final List<Target> TARGETS =
      List.of(
          new Target(
              "request-head", RequestHeadTarget.class, RequestHeadTarget::fuzzerTestOneInput),
          new Target(
              "chunked-body", ChunkedBodyTarget.class, ChunkedBodyTarget::fuzzerTestOneInput),
          new Target("reply-head", ReplyHeadTarget.class, ReplyHeadTarget::fuzzerTestOneInput),
          new Target("path", PathTarget.class, PathTarget::fuzzerTestOneInput),
          new Target(
              "proxy-header", ProxyHeaderTarget.class, ProxyHeaderTarget::fuzzerTestOneInput),
          new Target(
              "http2-frames", Http2FramesTarget.class, Http2FramesTarget::fuzzerTestOneInput));

  @TestFactory
  Stream<DynamicTest> everyKeptInputHoldsWhatMustHold() {
    return TARGETS.stream()
        .flatMap(
            target ->
                inputs(target).stream()
                    .map(
                        file ->
                            DynamicTest.dynamicTest(
                                target.name + "/" + file.getFileName(),
                                () -> target.run.accept(Files.readAllBytes(file)))));
  }

  @TestFactory
  Stream<DynamicTest> nothingIsFoundInSomeSeconds(@TempDir Path folder) {
    var runs = new ArrayList<Future<?>>();
    try (var pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (var target : TARGETS) {
        runs.add(pool.submit(() -> fuzz(target, folder.resolve(target.name))));
      }
    }
    return IntStream.range(0, runs.size())
        .mapToObj(i -> DynamicTest.dynamicTest(TARGETS.get(i).name, () -> runs.get(i).get()));
  }

  private static boolean fuzz(Target target, Path folder) throws Exception {
    var corpus = Files.createDirectories(folder.resolve("corpus"));
    var log = folder.resolve("log");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-Dio.netty.leakDetection.level=disabled",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.type.getName(),
                "--instrumentation_includes=dev.weir.**",
                "--instrumentation_excludes=dev.weir.dataplane.fuzz.**:dev.weir.dataplane.wire.**",
                "--custom_hook_includes=none",
                "--reproducer_path=" + folder,
                "-max_total_time=" + SECONDS,
                "-timeout=120",
                "-print_final_stats=1",
                "-dict=" + KEPT.resolve("http.dict"),
                "-artifact_prefix=" + folder + "/",
                corpus.toString(),
                KEPT.resolve(target.name).toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = process.waitFor();
    var output = Files.readString(log, StandardCharsets.ISO_8859_1);
    if (code != 0 || !EXECUTED.matcher(output).find()) {
      var finding = FINDING.matcher(output);
      throw new AssertionError(
          "%s: %s; Jazzer ended with %d:\n%s"
              .formatted(
                  target.name, finding.find() ? finding.group() : "no finding", code, output));
    }
    return true;
  }

  private static List<Path> inputs(Target target) {
    try (var files = Files.list(KEPT.resolve(target.name))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new AssertionError("no kept inputs of " + target.name, e);
    }
  }
}
